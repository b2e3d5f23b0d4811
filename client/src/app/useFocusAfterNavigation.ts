import { nextTick, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'

const FIELDS = 'input, textarea, select, [contenteditable]'

/**
 * Moves the focus to the content once another page is open, so that the keyboard and screen readers go on there; unless
 * its reader is already in one of its fields.
 */
export function useFocusAfterNavigation(main: Readonly<ShallowRef<HTMLElement | null>>): void {
  useRouter().afterEach(async (to, from, failure) => {
    if (failure || to.path === from.path || from.matched.length === 0) return
    await nextTick()
    const inUse = document.activeElement
    if (inUse?.matches(FIELDS) && main.value?.contains(inUse)) return
    main.value?.focus({ preventScroll: true })
  })
}
