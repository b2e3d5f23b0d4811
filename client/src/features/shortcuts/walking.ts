/** Moves the focus to the next or the previous post of the list that is shown. */
export function focusPost(by: 1 | -1): void {
  const posts = [...document.querySelectorAll<HTMLElement>('article:has(.post-link)')]
  const current = posts.findIndex((post) => post.contains(document.activeElement))
  const next = current < 0 ? firstInView(posts) : posts[current + by]
  if (!next) return
  next.querySelector<HTMLElement>('.post-link')?.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

/** Says whether there is a field for searching to be seen. */
export function focusSearchField(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[type="search"][name="q"]')]
  const field = fields.find((candidate) => candidate.checkVisibility())
  field?.focus()
  field?.select()
  return field !== undefined
}

/** Puts announced posts on top, if there are any. */
export function pressNewPosts(): void {
  document.querySelector<HTMLElement>('.show-new-posts')?.click()
}

function firstInView(posts: HTMLElement[]): HTMLElement | undefined {
  return posts.find((post) => post.getBoundingClientRect().top >= 0) ?? posts.at(-1)
}
