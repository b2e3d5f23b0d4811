import { useQuery } from '@pinia/colada'

import { showPost } from '@/api'
import { postKeys } from '@/features/read-posts/postKeys'

export function usePost(id: () => string) {
  return useQuery({
    key: () => postKeys.one(id()),
    query: async ({ signal }) => {
      const { data } = await showPost({ path: { id: id() }, signal })
      return data.data
    },
  })
}
