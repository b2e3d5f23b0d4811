import type { BrowserSession, FoundPost, OwnAccount, Post, Preferences, Session, User } from '@/api'

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

export function ownAccount(changes: Partial<OwnAccount> = {}): OwnAccount {
  return {
    ...alice,
    pending_email: null,
    bio: 'Reads by the harbour.',
    show_email: true,
    created_at: '2026-01-02T03:04:05.000000Z',
    ...changes,
  }
}

export function preferences(changes: Partial<Preferences> = {}): Preferences {
  return {
    notify_about: 'followed',
    paused_until: null,
    digest_time: '08:00',
    time_zone: 'Europe/Madrid',
    mention_mail: true,
    address_problem: null,
    ...changes,
  }
}

export function browserSession(changes: Partial<BrowserSession> = {}): BrowserSession {
  return {
    id: 'this-one',
    browser: 'Firefox',
    system: 'Linux',
    started_at: '2026-01-02T03:04:05.000000Z',
    last_seen_at: '2026-01-02T03:04:05.000000Z',
    is_current: true,
    ...changes,
  }
}
