import { watch } from 'vue'

import { isAbort, ApiError, putOpened, type Post } from '@/api'
import { useSessionStore } from '@/features/session/useSessionStore'

/** Tells that a member has opened somebody's post, so that no digest tells them of it again. */
export function useOpened(post: () => Post | undefined): void {
  const store = useSessionStore()

  async function tell(id: string): Promise<void> {
    try {
      await putOpened({ path: { id } })
    } catch (error) {
      // The worst that follows is a line in a digest.
      if (!(error instanceof ApiError) && !isAbort(error)) throw error
    }
  }

  watch(
    () => {
      const opened = post()
      const isForeign = opened && store.session && opened.author_id !== store.session.id
      return isForeign ? opened.id : null
    },
    (id) => {
      if (id !== null) void tell(id)
    },
    { immediate: true },
  )
}
