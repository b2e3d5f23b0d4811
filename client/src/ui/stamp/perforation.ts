/** Holes along one side, each half inside the stamp. */
interface Side {
  length: number
  holes: number
}

/** The outline of a stamp torn from its block: an SVG path of straight bits and half circles cut out of them. */
export function perforatedOutline(width: number, height: number, hole: number): string {
  const across: Side = { length: width, holes: holesIn(width, hole) }
  const down: Side = { length: height, holes: holesIn(height, hole) }
  return [
    'M0 0',
    ...side(across, hole, (step) => `${step} 0`),
    ...side(down, hole, (step) => `0 ${step}`),
    ...side(across, hole, (step) => `${-step} 0`),
    ...side(down, hole, (step) => `0 ${-step}`),
    'Z',
  ].join('')
}

/** As many as leave bridges about as wide as the holes. */
function holesIn(length: number, hole: number): number {
  return Math.max(1, Math.round((length / hole - 1) / 2))
}

function side({ length, holes }: Side, hole: number, towards: (step: number) => string): string[] {
  const bridge = round((length - holes * hole) / (holes + 1))
  const radius = hole / 2
  const cut = `l${towards(bridge)}a${radius} ${radius} 0 0 0 ${towards(hole)}`
  return [...Array.from({ length: holes }, () => cut), `l${towards(bridge)}`]
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
