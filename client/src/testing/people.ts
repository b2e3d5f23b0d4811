import type { FoundPost, Post, Session, User } from '@/api'

/** Alice reads here, Bruno writes. */
export const alice: Session = {
  id: '019ab1c2-0000-7000-8000-00000000a100',
  username: 'alice',
  email: 'alice@example.org',
  email_confirmed: true,
  language: 'en',
}

export const brunoId = '019ab1c2-0000-7000-8000-00000000b203'

export function user(changes: Partial<User> = {}): User {
  return {
    id: brunoId,
    username: 'bruno',
    email: null,
    bio: '',
    created_at: '2026-01-02T03:04:05.000000Z',
    posts: 1,
    followers: 7,
    following: 2,
    follow: null,
    ...changes,
  }
}

export function post(changes: Partial<Post> = {}): Post {
  return {
    id: '019ab1c2-1111-7000-8000-000000000001',
    author_id: brunoId,
    author_email: null,
    author_username: 'bruno',
    title: 'The ferry leaves without us',
    content: 'Nine people on the quay this morning. #harbour',
    created_at: '2026-01-02T03:04:05.000000Z',
    updated_at: '2026-01-02T03:04:05.000000Z',
    language: 'en',
    tags: ['harbour'],
    ...changes,
  }
}

export function foundPost(changes: Partial<FoundPost> = {}): FoundPost {
  return { ...post(), highlights: { title: [], content: [] }, ...changes }
}
