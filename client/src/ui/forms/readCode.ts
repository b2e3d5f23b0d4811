/**
 * Finds a code of hexadecimal characters in what was typed or pasted, which may be a whole line of the mail.
 * A lone group of exactly that length wins; otherwise everything that is no hexadecimal character is dropped.
 */
export function readCode(text: string, length: number): string {
  const lowercase = text.toLowerCase()
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])[0-9a-f]{${length}}(?![\\p{L}\\p{N}])`, 'u').exec(
    lowercase,
  )
  return whole?.[0] ?? lowercase.replace(/[^0-9a-f]/g, '').slice(0, length)
}
