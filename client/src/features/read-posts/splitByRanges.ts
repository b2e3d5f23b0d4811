/** Start and end of a piece of text, in Unicode code points, the end not included. */
export type CodePointRange = readonly [start: number, end: number]

export interface TextPart {
  text: string
  marked: boolean
}

/** Cuts a text at ranges, which may come unsorted, touch, overlap or reach beyond its end. */
export function splitByRanges(text: string, ranges: readonly CodePointRange[]): TextPart[] {
  const characters = Array.from(text)
  const marked = new Set<number>()
  for (const [start, end] of ranges) {
    for (let place = start; place < Math.min(end, characters.length); place++) marked.add(place)
  }
  const parts: TextPart[] = []
  for (const [place, character] of characters.entries()) {
    const last = parts.at(-1)
    if (last?.marked === marked.has(place)) last.text += character
    else parts.push({ text: character, marked: marked.has(place) })
  }
  return parts
}
