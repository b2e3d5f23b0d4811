import { useQueryCache } from '@pinia/colada'

import { refresh, type Post } from '@/api'
import { authorKeys } from '@/features/author/useAuthor'
import { postKeys } from '@/features/read-posts/postKeys'

/** Makes every page show a post as it now is. */
export function usePostChanges(): { changed: (post: Post) => void } {
  const queryCache = useQueryCache()

  function changed(post: Post): void {
    queryCache.setQueryData(postKeys.one(post.id), post)
    refresh(queryCache, postKeys.lists, authorKeys.one(post.author_username))
  }

  return { changed }
}
