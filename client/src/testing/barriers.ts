import axe from 'axe-core'
import { expect } from 'vitest'

/** Fails with the rules that the window breaks, and by which elements. */
export async function expectNoBarrier(): Promise<void> {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}
