import { onUnmounted, watch } from 'vue'

import { giveWay } from './takeOver'

/** Has the early list stay until the page has something to show in its place. */
export function useEarlyList(isThere: () => boolean): void {
  watch(isThere, (there) => there && giveWay(), { flush: 'post', immediate: true })
  onUnmounted(giveWay)
}
