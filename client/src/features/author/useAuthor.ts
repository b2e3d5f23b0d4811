import { useQuery } from '@pinia/colada'

import { getUser } from '@/api'

export const authorKeys = {
  all: ['author'],
  one: (username: string) => ['author', username.toLowerCase()],
}

/** A member as author, with what the reader has to do with them. */
export function useAuthor(username: () => string, enabled: () => boolean = () => true) {
  return useQuery({
    key: () => authorKeys.one(username()),
    query: async ({ signal }) => {
      const { data } = await getUser({ path: { username: username() }, signal })
      return data.data
    },
    enabled,
  })
}
