import * as v from 'valibot'

import { m } from '@/paraglide/messages'
import { codePoints } from '@/ui/forms/codePoints'

// The backend's rules (docs: API, accounts), told before anything is sent.
const MAX_USERNAME = 50
const MIN_PASSWORD = 8
const MAX_PASSWORD = 128
const MAX_EMAIL = 254
export const MAX_BIO = 300

export const usernameRule = v.pipe(
  v.string(),
  v.nonEmpty(() => m.username_needed()),
  v.check(
    (name) => codePoints(name) <= MAX_USERNAME,
    () => m.username_too_long({ limit: MAX_USERNAME }),
  ),
  v.regex(/^[^\p{White_Space}\p{Cc}/?#%\\]*$/u, () => m.username_characters()),
)

export const emailRule = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty(() => m.email_needed()),
  v.maxLength(MAX_EMAIL, () => m.email_malformed()),
  v.regex(/^[^\s@]+@[^\s@]+$/, () => m.email_malformed()),
)

export const passwordRule = v.pipe(
  v.string(),
  v.check(
    (password) => codePoints(password) >= MIN_PASSWORD,
    () => m.password_too_short({ limit: MIN_PASSWORD }),
  ),
  v.check(
    (password) => codePoints(password) <= MAX_PASSWORD,
    () => m.password_too_long({ limit: MAX_PASSWORD }),
  ),
  v.regex(/^\P{White_Space}*$/u, () => m.password_no_spaces()),
)

export const bioRule = v.pipe(
  v.string(),
  v.check(
    (bio) => codePoints(bio) <= MAX_BIO,
    () => m.bio_too_long({ limit: MAX_BIO }),
  ),
)

/** A password that is asked for, whatever it is: only the backend knows whether it is right. */
export const currentPasswordRule = v.pipe(
  v.string(),
  v.nonEmpty(() => m.password_needed()),
)
