import type { Directive } from 'vue'

/** So far below the window something is as good as seen. */
const NEAR = '0px 0px 800px 0px'

const observers = new WeakMap<Element, IntersectionObserver>()

/** `v-when-near="call"`: calls when the element is about to be scrolled into view. */
export const vWhenNear: Directive<HTMLElement, () => unknown> = {
  mounted(element, { value: call }) {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) call()
      },
      { rootMargin: NEAR },
    )
    observer.observe(element)
    observers.set(element, observer)
  },
  unmounted(element) {
    observers.get(element)?.disconnect()
  },
}
