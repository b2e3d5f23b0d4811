import { useRouter } from 'vue-router'

import { ApiError, deletePost, type Post } from '@/api'
import { announce } from '@/features/announce/announcement'
import { usePostCache } from '@/features/read-posts/usePostCache'
import { withdrawnPosts } from '@/features/read-posts/withdrawnPosts'
import { offerUndo } from '@/features/undo/lastChance'
import { failureText } from '@/i18n/failureText'
import { m } from '@/paraglide/messages'

/**
 * Deletes an own post: it is gone from every page at once, and the author's page opens. The backend is told when the
 * chance to take it back has passed; if it refuses, the post is back and that is said.
 */
export function useDeletePost(): (post: Post) => Promise<void> {
  const cache = usePostCache()
  const router = useRouter()

  async function act(post: Post): Promise<void> {
    try {
      // Also when the page is being closed.
      await deletePost({ path: { id: post.id }, keepalive: true })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) {
        withdrawnPosts.delete(post.id)
        announce(`${m.post_not_deleted({ title: post.title })} ${failureText(error)}`, {
          tone: 'attention',
          link: { label: m.read_it(), to: { name: 'post', params: { id: post.id } } },
        })
        return
      }
    }
    cache.remove(post.id)
    withdrawnPosts.delete(post.id)
    cache.renew(post.author_username)
  }

  return async (post) => {
    withdrawnPosts.add(post.id)
    await router.push({ name: 'author', params: { username: post.author_username } })
    offerUndo({
      text: m.post_deleted(),
      act: () => void act(post),
      undo: () => {
        withdrawnPosts.delete(post.id)
        void router.push({ name: 'post', params: { id: post.id } })
      },
    })
  }
}
