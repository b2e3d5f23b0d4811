import { useRouter } from 'vue-router'

import { editPost, type Post } from '@/api'
import { announce } from '@/features/announce/announcement'
import { usePostCache } from '@/features/read-posts/usePostCache'
import { failureText } from '@/i18n/failureText'
import { m } from '@/paraglide/messages'

export interface PostText {
  title: string
  content: string
}

/**
 * Changes an own post: it is shown changed at once, and as it was again when the backend refuses. Rejects then, after
 * having said so and where the words are kept.
 */
export function useEditPost(): { edit: (post: Post, text: PostText) => Promise<void> } {
  const cache = usePostCache()
  const router = useRouter()

  async function edit(post: Post, text: PostText): Promise<void> {
    cache.replace(post.id, { ...post, ...text, updated_at: new Date().toISOString() })
    await router.push({ name: 'post', params: { id: post.id } })
    try {
      const { data } = await editPost({ path: { id: post.id }, body: text })
      cache.replace(post.id, data.data)
      cache.renew(post.author_username)
      announce(m.post_saved())
    } catch (error) {
      cache.replace(post.id, post)
      announce(`${m.post_not_saved()} ${failureText(error)}`, {
        tone: 'attention',
        link: { label: m.edit_again(), to: { name: 'edit-post', params: { id: post.id } } },
      })
      throw error
    }
  }

  return { edit }
}
