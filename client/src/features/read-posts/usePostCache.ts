import { useQueryCache, type EntryKey, type UseInfiniteQueryData } from '@pinia/colada'

import { refresh, type Page, type Post } from '@/api'
import { authorKeys } from '@/features/author/useAuthor'

import { postKeys } from './postKeys'

export type PostPages = UseInfiniteQueryData<Page<Post>, string | null>

export interface PostCacheReturn {
  /** Puts a post on top of everyone's posts and of its author's, where these have been read. */
  insert: (post: Post) => void
  /** Shows the post wherever the one with the id was shown. */
  replace: (id: string, post: Post) => void
  /** Takes a post out of every list, and forgets it. */
  remove: (id: string) => void
  /** Has the backend asked for what own changes change beyond the posts themselves. */
  renew: (username: string) => void
}

/** Own changes to posts, as every page shows them, before and after the backend has answered. */
export function usePostCache(): PostCacheReturn {
  const queryCache = useQueryCache()

  function change(key: EntryKey, changed: (posts: Post[], page: number) => Post[]): void {
    queryCache.cancelQueries({ key })
    for (const entry of queryCache.getEntries({ key })) {
      const before = queryCache.getQueryData<PostPages>(entry.key)
      if (!before) continue
      const pages = before.pages.map((page, place) => ({
        ...page,
        items: changed(page.items, place),
      }))
      queryCache.setQueryData(entry.key, { ...before, pages })
    }
  }

  return {
    insert: (post) => {
      for (const key of [postKeys.everyone, postKeys.of(post.author_username)]) {
        change(key, (posts, page) => (page === 0 ? [post, ...posts] : posts))
      }
    },
    replace: (id, post) => {
      change(postKeys.lists, (posts) => posts.map((shown) => (shown.id === id ? post : shown)))
      queryCache.cancelQueries({ key: postKeys.one(post.id) })
      queryCache.setQueryData(postKeys.one(post.id), post)
    },
    remove: (id) => {
      change(postKeys.lists, (posts) => posts.filter((shown) => shown.id !== id))
      for (const entry of queryCache.getEntries({ key: postKeys.one(id) })) queryCache.remove(entry)
    },
    renew: (username) => refresh(queryCache, postKeys.lists, authorKeys.one(username)),
  }
}
