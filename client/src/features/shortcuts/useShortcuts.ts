import { onScopeDispose } from 'vue'

import { areShortcutsOn } from './shortcutChoice'
import type { Shortcut } from './shortcuts'

/** So long the first key of two is remembered. */
const SECOND_KEY_WITHIN_MS = 1_500
/** Where keys have a meaning of their own. */
const TAKES_KEYS =
  'textarea, select, [contenteditable], [role="menu"], dialog, input:not([type="radio"], [type="checkbox"])'

/** Runs the shortcut whose keys are pressed, unless something is being typed. Call once, for the whole window. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  let first = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  function expectSecond(key: string): void {
    clearTimeout(timer)
    first = key
    timer = setTimeout(() => (first = ''), SECOND_KEY_WITHIN_MS)
  }

  function press(event: KeyboardEvent): void {
    if (!areShortcutsOn.value || belongsElsewhere(event)) return
    const offered = shortcuts.filter(({ isOffered }) => isOffered?.() ?? true)
    const pressed = first ? [first, event.key] : [event.key]
    const match = offered.find(({ keys }) => keys.join(' ') === pressed.join(' '))
    if (match) {
      event.preventDefault()
      first = ''
      match.run()
      return
    }
    const begins = offered.some(({ keys }) => keys.length === 2 && keys[0] === event.key)
    expectSecond(begins ? event.key : '')
  }

  document.addEventListener('keydown', press)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('keydown', press)
  })
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true
  if (event.isComposing || event.repeat || event.defaultPrevented) return true
  // Shift alone is on its way to another key.
  if (event.key.length > 1) return true
  return event.target instanceof Element && event.target.closest(TAKES_KEYS) !== null
}
