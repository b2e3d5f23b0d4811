import { PiniaColada } from '@pinia/colada'
import { createPinia, disposePinia, setActivePinia } from 'pinia'
import { onTestFinished } from 'vitest'
import { cleanup, render } from 'vitest-browser-vue'
import { createMemoryHistory, type Router } from 'vue-router'

import { installErrorHandling, type Session } from '@/api'
import App from '@/app/App.vue'
import { createAppRouter } from '@/app/router'
import { useSessionStore } from '@/features/session/useSessionStore'

import { found, network, refused } from './network'
import { preferences } from './people'

/** Opens the whole app at a path, as somebody or as a stranger. */
export async function openApp(path: string, as: Session | null = null): Promise<Router> {
  network.on('GET /auth/session', as ? found(as) : refused(401, 'no_session'))
  if (as) {
    localStorage.setItem('signed-in', 'yes')
    network.onUnless('GET /notifications/preferences', found(preferences()))
  }
  const pinia = createPinia()
  setActivePinia(pinia)
  onTestFinished(async () => {
    // First the app, and what it was still waiting for: neither must live on without its store.
    cleanup()
    await new Promise((resolve) => setTimeout(resolve))
    disposePinia(pinia)
  })
  installErrorHandling(() => useSessionStore().lose())
  const history = createMemoryHistory()
  history.replace(path)
  const router = createAppRouter(history)
  render(App, { global: { plugins: [pinia, PiniaColada, router] } })
  await Promise.all([router.isReady(), useSessionStore().known()])
  return router
}
