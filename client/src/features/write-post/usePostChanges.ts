import { useQueryCache } from '@pinia/colada'

import type { Post } from '@/api'
import { authorKeys } from '@/features/author/useAuthor'
import { postKeys } from '@/features/read-posts/postKeys'

/** Makes every list show a post as it now is. */
export function usePostChanges(): { changed: (post: Post) => Promise<void> } {
  const queryCache = useQueryCache()

  async function changed(post: Post): Promise<void> {
    queryCache.setQueryData(postKeys.one(post.id), post)
    await Promise.all([
      queryCache.invalidateQueries({ key: postKeys.lists }),
      queryCache.invalidateQueries({ key: authorKeys.one(post.author_username) }),
    ])
  }

  return { changed }
}
