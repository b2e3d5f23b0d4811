import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue'

const EVERY_MS = 60_000

const now = shallowRef(new Date())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The time, to the minute; one timer however many look at it. */
export function useNow(): Readonly<Ref<Date>> {
  if (watchers++ === 0) {
    now.value = new Date()
    timer = setInterval(() => (now.value = new Date()), EVERY_MS)
  }
  onScopeDispose(() => {
    if (--watchers === 0) clearInterval(timer)
  })
  return readonly(now)
}
