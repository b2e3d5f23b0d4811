/** More than fills a window, and few enough for a phone to show at once. */
export const POSTS_ON_A_PAGE = 20

/** Posts that are drawn at once: as many as fill a phone's window. The first ones cost most. */
export const POSTS_AT_FIRST = 2
