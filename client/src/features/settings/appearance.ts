import { ref, watchEffect, type Ref } from 'vue'

import { inThisBrowser } from '@/ui/browserStorage'

// first-script/appearance.js applies the same two keys before the first paint.
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const contrasts = ['system', 'more'] as const
export type Contrast = (typeof contrasts)[number]

/** What is chosen in this browser; `system` follows the system's own setting. */
export const theme = storedChoice('theme', themes)
export const contrast = storedChoice('contrast', contrasts)

function storedChoice<Choice extends string>(
  name: 'theme' | 'contrast',
  choices: readonly Choice[],
): Ref<Choice | 'system'> {
  const read = (): Choice | 'system' => {
    const stored = inThisBrowser.get(name)
    return choices.find((known) => known === stored) ?? 'system'
  }
  const choice = ref(read()) as Ref<Choice | 'system'>
  watchEffect(() => {
    const { dataset } = document.documentElement
    if (choice.value === 'system') {
      inThisBrowser.forget(name)
      delete dataset[name]
    } else {
      inThisBrowser.set(name, choice.value)
      dataset[name] = choice.value
    }
  })
  // Chosen in another window.
  window.addEventListener('storage', () => {
    choice.value = read()
  })
  return choice
}
