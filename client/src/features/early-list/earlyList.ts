/**
 * The first posts of a first visit, shown before the client is there. What the early list (script.ts) notes here, the
 * client takes over (takeOver.ts): they are two files, and share nothing else.
 */
export interface EarlyList {
  /** Kept as soon as the posts are seen, or it is clear that they will not be. */
  settled?: Promise<void>
  /** What shows the posts. */
  frame?: Element
  /** Where the client draws meanwhile, unseen. */
  place?: HTMLElement
  /** Whether the client is drawing: who comes now comes too late. */
  isClientThere?: boolean
}

declare global {
  interface Window {
    earlyList?: EarlyList
  }
}
