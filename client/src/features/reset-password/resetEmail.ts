import { inThisWindow } from '@/ui/browserStorage'

const STORAGE_KEY = 'reset-email'

/** Carries the address from asking for a code to using it, also over a reload while the mail is on its way. */
export function rememberResetEmail(email: string): void {
  inThisWindow.set(STORAGE_KEY, email)
}

export function rememberedResetEmail(): string {
  return inThisWindow.get(STORAGE_KEY) ?? ''
}

export function forgetResetEmail(): void {
  inThisWindow.forget(STORAGE_KEY)
}
