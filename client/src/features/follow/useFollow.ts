import { useMutation, useQueryCache } from '@pinia/colada'

import { follow, refresh, unfollow, type MailChoice, type User } from '@/api'
import { authorKeys } from '@/features/author/useAuthor'
import { memberKeys } from '@/features/people/useMemberPages'
import { postKeys } from '@/features/read-posts/postKeys'

/** Null: does not follow. */
export type FollowState = MailChoice | null

/**
 * Changes how the reader follows an author. A change shows at once and is taken back if the backend refuses it, unless
 * the reader has chosen something else meanwhile. Changes are sent one after the other, so that the last one holds.
 */
export function useFollow(username: () => string) {
  const queryCache = useQueryCache()
  const key = () => authorKeys.one(username())
  let lastSent: Promise<unknown> = Promise.resolve()
  let underWay = 0

  return useMutation({
    mutation: (state: FollowState) => {
      const sent = lastSent.then(() => send(username(), state))
      lastSent = sent.catch(() => undefined)
      return sent
    },
    onMutate: (state: FollowState) => {
      underWay += 1
      const before = queryCache.getQueryData<User>(key())
      queryCache.cancelQueries({ key: key() })
      const shown = before && withFollow(before, state)
      queryCache.setQueryData(key(), shown)
      return { before, shown }
    },
    onError: (_error, _state, { before, shown }) => {
      if (queryCache.getQueryData<User>(key()) === shown) queryCache.setQueryData(key(), before)
    },
    onSettled: () => {
      underWay -= 1
      if (underWay === 0) refresh(queryCache, key(), postKeys.ofFollowed, memberKeys.follows)
    },
  })
}

function send(username: string, state: FollowState): Promise<unknown> {
  if (state === null) return unfollow({ path: { username } })
  return follow({ path: { username }, body: { mail: state } })
}

function withFollow(author: User, state: FollowState): User {
  const change = Number(state !== null) - Number(author.follow !== null)
  return {
    ...author,
    followers: author.followers + change,
    follow: state === null ? null : { mail: state },
  }
}
