import { ref, watch } from 'vue'

import { inThisBrowser } from '@/ui/browserStorage'

const STORAGE_KEY = 'shortcuts'
const OFF = 'off'

const areChosen = () => inThisBrowser.get(STORAGE_KEY) !== OFF

/** Whether single keys do something. Who dictates, or has a keyboard of their own, can do without (WCAG 2.1.4). */
export const areShortcutsOn = ref(areChosen())

watch(areShortcutsOn, (areOn) => {
  if (areOn) inThisBrowser.forget(STORAGE_KEY)
  else inThisBrowser.set(STORAGE_KEY, OFF)
})
// Chosen in another window.
window.addEventListener('storage', () => {
  areShortcutsOn.value = areChosen()
})
