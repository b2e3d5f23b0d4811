import { ref } from 'vue'

/** Whether the sheet with all shortcuts is open. */
export const isSheetOpen = ref(false)
