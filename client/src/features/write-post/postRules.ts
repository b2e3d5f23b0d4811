import * as v from 'valibot'

import { m } from '@/paraglide/messages'
import { codePoints } from '@/ui/forms/codePoints'

/** In Unicode code points, as the backend counts. */
export const MAX_TITLE = 100
export const MAX_CONTENT = 500

export const postRules = v.object({
  title: v.pipe(
    v.string(),
    v.regex(/\P{White_Space}/u, () => m.title_needed()),
    v.check(
      (title) => codePoints(title) <= MAX_TITLE,
      () => m.title_too_long({ limit: MAX_TITLE }),
    ),
  ),
  content: v.pipe(
    v.string(),
    v.nonEmpty(() => m.content_needed()),
    v.check(
      (content) => codePoints(content) <= MAX_CONTENT,
      () => m.content_too_long({ limit: MAX_CONTENT }),
    ),
  ),
})
