import { watchEffect, type Ref } from 'vue'

const SITE = 'Decoupled'

/** Keeps the window's title at that of the page. */
export function useDocumentTitle(pageTitle: Readonly<Ref<string>>): void {
  watchEffect(() => {
    document.title = pageTitle.value ? `${pageTitle.value} · ${SITE}` : SITE
  })
}
