import type { NewPost, Post } from '@/api'
import { createPost } from '@/api'
import { usePostCache } from '@/features/read-posts/usePostCache'
import { provisionalPost } from '@/features/read-posts/provisionalPost'
import { useSessionStore } from '@/features/session/useSessionStore'

import { useIdempotencyKey } from './useIdempotencyKey'

/**
 * Posts: the lists show the post at once and, if the backend refuses it, no longer. However often the same words are
 * sent before an answer has arrived, they are posted once.
 */
export function useSendPost(): { send: (body: NewPost) => Promise<Post> } {
  const { session } = useSessionStore()
  const cache = usePostCache()
  const idempotency = useIdempotencyKey(session?.id ?? '')

  async function send(body: NewPost): Promise<Post> {
    const key = idempotency.keyFor(body)
    const provisional = provisionalPost(key, body, session)
    cache.insert(provisional)
    try {
      const { data } = await createPost({ body, headers: { 'Idempotency-Key': key } })
      idempotency.forget()
      cache.replace(provisional.id, data.data)
      cache.renew(data.data.author_username)
      return data.data
    } catch (error) {
      cache.remove(provisional.id)
      throw error
    }
  }

  return { send }
}
