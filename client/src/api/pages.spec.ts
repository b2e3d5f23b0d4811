import { expect, test } from 'vitest'

import { nextCursor } from '.'

function linking(link?: string): Response {
  return new Response(null, link === undefined ? {} : { headers: { Link: link } })
}

test('the next page starts at the cursor of the next link', () => {
  expect(nextCursor(linking('</api/posts?limit=50&before=abc>; rel="next"'), 'before')).toBe('abc')
})

test('a whole address, other links and a relation without quotes are read too', () => {
  const link = '<https://d.example/x>; rel="prev", <https://d.example/s?cursor=a%2Fb>; rel=next'
  expect(nextCursor(linking(link), 'cursor')).toBe('a/b')
})

test('without a next link there is no next page', () => {
  expect(nextCursor(linking(), 'before')).toBeNull()
  expect(nextCursor(linking('</api/posts?before=abc>; rel="prev"'), 'before')).toBeNull()
})
