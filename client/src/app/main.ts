import '@/ui/styles.css'

import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'

import { installErrorHandling } from '@/api'
import { letEarlyListBeSeen, placeForClient } from '@/features/early-list/takeOver'
import { useSessionStore } from '@/features/session/useSessionStore'
import { installLanguage } from '@/i18n/language'
import { nextTask } from '@/ui/nextTask'

import App from './App.vue'
import { keepClientForOffline } from './keepClientForOffline'
import { createAppRouter } from './router'

// A phone takes its time for each of these steps, and shows something in between.
await letEarlyListBeSeen()
installLanguage()
const router = createAppRouter()

await nextTask()
const app = createApp(App).use(createPinia()).use(PiniaColada)
const session = useSessionStore()
installErrorHandling(session.lose)
void session.known()

app.use(router).mount(placeForClient())
keepClientForOffline()
