import { describe, expect, test } from 'vitest'

import { network, refused } from '@/testing/network'

import { ApiError, installErrorHandling, listPosts, logIn, type ApiError as Failure } from '.'

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ApiError)
  return error as Failure
}

describe('a call that fails', () => {
  test('tells status, code and the first message for each field', async () => {
    installErrorHandling(() => undefined)
    network.on(
      'POST /auth/login',
      refused(422, 'invalid_fields', { errors: { username: ['Too long.', 'Odd.'] } }),
    )
    const error = await failureOf(logIn({ body: { username: 'x', password: 'y' } }))
    expect(error).toMatchObject({
      status: 422,
      code: 'invalid_fields',
      fieldErrors: { username: 'Too long.' },
      retryAfterSeconds: null,
    })
  })

  test('tells how long to wait', async () => {
    installErrorHandling(() => undefined)
    network.on('GET /posts', refused(429, 'too_often', { headers: { 'Retry-After': '40' } }))
    expect((await failureOf(listPosts())).retryAfterSeconds).toBe(40)
  })

  test('tells by what the operator finds it', async () => {
    installErrorHandling(() => undefined)
    network.on(
      'GET /posts',
      refused(500, 'internal_error', { headers: { 'X-Request-ID': 'f00d' } }),
    )
    expect((await failureOf(listPosts())).requestId).toBe('f00d')
  })

  test('without an answer is unreachable', async () => {
    installErrorHandling(() => undefined)
    expect(await failureOf(listPosts())).toMatchObject({ status: null, code: 'unreachable' })
  })

  test('with a page of a proxy instead of JSON keeps its status', async () => {
    installErrorHandling(() => undefined)
    network.on('GET /posts', { status: 502, body: '<h1>Bad gateway</h1>' })
    expect(await failureOf(listPosts())).toMatchObject({ status: 502, code: 'unreadable_answer' })
  })

  test('because it was aborted stays an abort', async () => {
    installErrorHandling(() => undefined)
    network.on('GET /posts', { after: new Promise(() => undefined) })
    const controller = new AbortController()
    const call = listPosts({ signal: controller.signal })
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('the end of a session', () => {
  test('is told when a call is refused for want of one', async () => {
    const lost: Failure[] = []
    installErrorHandling((error) => lost.push(error))
    network.on('GET /posts', refused(401, 'no_session'))
    await failureOf(listPosts())
    expect(lost).toHaveLength(1)
  })

  test('is not told of a wrong password', async () => {
    const lost: Failure[] = []
    installErrorHandling((error) => lost.push(error))
    network.on('POST /auth/login', refused(401, 'wrong_credentials'))
    await failureOf(logIn({ body: { username: 'x', password: 'y' } }))
    expect(lost).toHaveLength(0)
  })
})
