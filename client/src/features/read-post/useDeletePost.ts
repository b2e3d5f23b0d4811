import { useMutation, useQueryCache } from '@pinia/colada'
import { useRouter } from 'vue-router'

import { deletePost, refresh, type Post } from '@/api'
import { announce } from '@/features/announce/announcement'
import { authorKeys } from '@/features/author/useAuthor'
import { postKeys } from '@/features/read-posts/postKeys'
import { m } from '@/paraglide/messages'

/** Deletes an own post, then goes to the author's page. */
export function useDeletePost() {
  const queryCache = useQueryCache()
  const router = useRouter()

  return useMutation({
    mutation: (post: Post) => deletePost({ path: { id: post.id } }),
    onSuccess: async (_answer, post) => {
      announce(m.post_deleted(), { onNextPage: true })
      await router.push({ name: 'author', params: { username: post.author_username } })
      const author = authorKeys.one(post.author_username)
      refresh(queryCache, postKeys.lists, postKeys.one(post.id), author)
    },
  })
}
