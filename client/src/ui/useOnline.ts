import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Whether the browser believes to be connected. */
export function useOnline(): Readonly<Ref<boolean>> {
  const isOnline = ref(navigator.onLine)
  const renew = () => (isOnline.value = navigator.onLine)
  window.addEventListener('online', renew)
  window.addEventListener('offline', renew)
  onScopeDispose(() => {
    window.removeEventListener('online', renew)
    window.removeEventListener('offline', renew)
  })
  return readonly(isOnline)
}
