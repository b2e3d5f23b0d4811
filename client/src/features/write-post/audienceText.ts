import type { Audience } from '@/api'
import { wholeNumber } from '@/i18n/times'
import { m } from '@/paraglide/messages'

/** Whom a post will reach, before it is sent: "Goes to 128 readers: 96 at once, 32 in a digest." */
export function audienceText(audience: Audience): { reach: string; others: string | null } {
  const { at_once: atOnce, in_digest: inDigest, without_mail: withoutMail } = audience
  return {
    reach: reachText(atOnce, inDigest),
    others:
      withoutMail > 0
        ? m.reads_without_mail({ count: withoutMail, shown: wholeNumber(withoutMail) })
        : null,
  }
}

function reachText(atOnce: number, inDigest: number): string {
  const count = atOnce + inDigest
  const shown = wholeNumber(count)
  if (count === 0) return m.goes_to_nobody()
  if (inDigest === 0) return m.goes_at_once({ count, shown })
  if (atOnce === 0) return m.goes_in_digest({ count, shown })
  return m.goes_both_ways({ shown, atOnce: wholeNumber(atOnce), inDigest: wholeNumber(inDigest) })
}
