import { watch } from 'vue'
import { useRouter } from 'vue-router'

import { useSessionStore } from '@/features/session/useSessionStore'

/** Whoever signs in or out in one window has done so in all: the open page asks its guard again whether it may stay. */
export function useSessionOfAllWindows(): void {
  const router = useRouter()
  const store = useSessionStore()

  watch(
    () => store.changesElsewhere,
    () => {
      const { path, query, hash } = router.currentRoute.value
      void router.replace({ path, query, hash, force: true })
    },
  )
}
