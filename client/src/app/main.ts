import '@/ui/styles.css'

import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'

import { installErrorHandling } from '@/api'
import { useSessionStore } from '@/features/session/useSessionStore'
import { installLanguage } from '@/i18n/language'

import App from './App.vue'
import { keepClientForOffline } from './keepClientForOffline'
import { createAppRouter } from './router'

installLanguage()

const app = createApp(App).use(createPinia()).use(PiniaColada)
const session = useSessionStore()
installErrorHandling(session.lose)
void session.known()

app.use(createAppRouter()).mount('#app')
keepClientForOffline()
