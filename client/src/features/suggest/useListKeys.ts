import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'

export interface ListKeysOptions {
  /** How many options there are; none closes the list. */
  count: () => number
  choose: (option: number) => void
  /** Whether the first option is marked from the start, so that Enter takes it. Default: none is. */
  startsMarked?: boolean
}

export interface ListKeysReturn {
  isOpen: ComputedRef<boolean>
  /** The option that Enter takes; null: none. */
  marked: Ref<number | null>
  /** Shows the list again when there is something in it: after typing, for instance. */
  open: () => void
  close: () => void
  /** For the field's keydown. */
  onKeydown: (event: KeyboardEvent) => void
}

/**
 * The keys of a list that opens under a field while the focus stays in the field: arrows walk through it and round,
 * Enter takes the marked option, Escape closes (ARIA Authoring Practices, combobox with a listbox popup).
 */
export function useListKeys(options: ListKeysOptions): ListKeysReturn {
  const isWanted = ref(false)
  const marked = ref<number | null>(null)
  const isOpen = computed(() => isWanted.value && options.count() > 0)
  const initiallyMarked = () => (options.startsMarked ? 0 : null)

  watch([isOpen, options.count], () => (marked.value = initiallyMarked()))

  function step(by: 1 | -1): void {
    const from = marked.value ?? (by === 1 ? -1 : 0)
    marked.value = (from + by + options.count()) % options.count()
  }

  function take(): boolean {
    if (marked.value === null) return false
    options.choose(marked.value)
    return true
  }

  function handles(event: KeyboardEvent): boolean {
    switch (event.key) {
      case 'ArrowDown':
        step(1)
        return true
      case 'ArrowUp':
        step(-1)
        return true
      case 'Escape':
        isWanted.value = false
        return true
      case 'Enter':
      case 'Tab':
        return !event.shiftKey && take()
      default:
        return false
    }
  }

  function onKeydown(event: KeyboardEvent): void {
    // Keys that belong to an input method, or to the browser, are left to it.
    if (!isOpen.value || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (!handles(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  return {
    isOpen,
    marked,
    open: () => (isWanted.value = true),
    close: () => (isWanted.value = false),
    onKeydown,
  }
}
