import type { NewPost, Post, Session } from '@/api'

const PREFIX = 'sending-'

/** What is shown of a post until the backend has answered. */
export function provisionalPost(key: string, body: NewPost, author: Session | null): Post {
  const now = new Date().toISOString()
  return {
    id: `${PREFIX}${key}`,
    author_id: author?.id ?? '',
    author_username: author?.username ?? '',
    author_email: null,
    title: body.title,
    content: body.content,
    created_at: now,
    updated_at: now,
    language: null,
    tags: [],
  }
}

/** Whether a post has not been answered for yet, and so has no page of its own. */
export function isProvisional(post: Post): boolean {
  return post.id.startsWith(PREFIX)
}
