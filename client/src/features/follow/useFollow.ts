import { useMutation, useQueryCache } from '@pinia/colada'

import { follow, unfollow, type MailChoice, type User } from '@/api'
import { authorKeys } from '@/features/author/useAuthor'
import { postKeys } from '@/features/read-posts/postKeys'

/** Null: does not follow. */
export type FollowState = MailChoice | null

/**
 * Changes how the reader follows an author. The change shows at once and is taken back if the backend refuses it,
 * unless the reader has chosen something else meanwhile.
 */
export function useFollow(username: () => string) {
  const queryCache = useQueryCache()
  const key = () => authorKeys.one(username())

  return useMutation({
    mutation: (state: FollowState) => send(username(), state),
    onMutate: (state: FollowState) => {
      const before = queryCache.getQueryData<User>(key())
      queryCache.cancelQueries({ key: key() })
      const shown = before && withFollow(before, state)
      queryCache.setQueryData(key(), shown)
      return { before, shown }
    },
    onError: (_error, _state, { before, shown }) => {
      if (queryCache.getQueryData<User>(key()) === shown) queryCache.setQueryData(key(), before)
    },
    onSuccess: () => queryCache.invalidateQueries({ key: [...postKeys.lists, 'following'] }),
    onSettled: () => queryCache.invalidateQueries({ key: key() }),
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
