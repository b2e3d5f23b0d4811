const STORAGE_KEY = 'reset-email'

/** Carries the address from asking for a code to using it, also over a reload while the mail is on its way. */
export function rememberResetEmail(email: string): void {
  sessionStorage.setItem(STORAGE_KEY, email)
}

export function rememberedResetEmail(): string {
  return sessionStorage.getItem(STORAGE_KEY) ?? ''
}

export function forgetResetEmail(): void {
  sessionStorage.removeItem(STORAGE_KEY)
}
