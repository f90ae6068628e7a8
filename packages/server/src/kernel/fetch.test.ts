import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHookTarget } from '../../test/hook-target.ts'
import { guardedFetch } from './fetch.ts'

describe('outgoing requests', () => {
  let target: Awaited<ReturnType<typeof openHookTarget>>
  let elsewhere: Awaited<ReturnType<typeof openHookTarget>>
  beforeAll(async () => {
    target = await openHookTarget()
    elsewhere = await openHookTarget()
  })
  afterAll(async () => {
    await target.close()
    await elsewhere.close()
  })

  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://0.0.0.0/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://127.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
  ])('do not go to %s where private addresses are refused', async (url) => {
    const failure = await guardedFetch({ allowPrivate: false })(url).catch((error: Error) => error)
    expect(String(failure) + String((failure as Error).cause ?? '')).toMatch(/private|not allowed|failed/)
    expect(failure).toBeInstanceOf(Error)
  })

  test('do not reach a private server by its name', async () => {
    const url = target.url('/by-name').replace('127.0.0.1', 'localhost')
    await expect(guardedFetch({ allowPrivate: false })(url)).rejects.toThrow()
    expect(target.at('/by-name')).toEqual([])
  })

  test('reach the private addresses that are excepted, and no other that these redirect to', async () => {
    const fetch = guardedFetch({ allowPrivate: false, exceptions: [target.url('/hooks/*')] })
    target.answers.set('/hooks/away', { status: 307, headers: { location: elsewhere.url('/inside') } })
    expect((await fetch(target.url('/hooks/one?x=1'))).status).toBe(200)
    await expect(fetch(target.url('/other'))).rejects.toThrow('private')
    await expect(fetch(target.url('/hooks/away'))).rejects.toThrow('private')
    expect(elsewhere.at('/inside')).toEqual([])
  })

  test('do not take keys along to another host', async () => {
    target.answers.set('/moved', { status: 303, headers: { location: elsewhere.url('/there') } })
    const headers = {
      authorization: 'Bearer secret',
      'x-key': 'secret',
      cookie: 'k=secret',
      'content-type': 'application/json',
    }
    await guardedFetch({ allowPrivate: true })(target.url('/moved'), { method: 'POST', headers, body: '{}' })
    const [arrived] = elsewhere.at('/there')
    expect(arrived).toMatchObject({ method: 'GET', text: '' })
    expect(JSON.stringify(arrived?.headers)).not.toContain('secret')
  })

  test.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [302, 'PUT', 'PUT', '{}'],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', '{}'],
    [308, 'POST', 'POST', '{}'],
  ])('are redirected by %s as the Fetch standard says: %s becomes %s', async (status, method, becomes, text) => {
    const path = `/after-${status}-${method}`
    target.answers.set(`/from-${status}`, { status, headers: { location: path } })
    const headers = { 'content-type': 'application/json' }
    await guardedFetch({ allowPrivate: true })(target.url(`/from-${status}`), { method, headers, body: '{}' })
    expect(target.at(path)).toMatchObject([{ method: becomes, text }])
    expect(target.at(path)[0]?.headers['content-type']).toBe(text === '' ? undefined : 'application/json')
  })

  test.each([307, 308, 302])('take no body to another origin, by %s', async (status) => {
    target.answers.set('/away', { status, headers: { location: elsewhere.url('/away') } })
    const sent = { method: status === 302 ? 'PATCH' : 'POST', body: '{"traits":{}}' }
    await expect(guardedFetch({ allowPrivate: true })(target.url('/away'), sent)).rejects.toThrow('another origin')
    expect(elsewhere.at('/away')).toEqual([])
  })

  test('follow only so many redirects', async () => {
    target.answers.set('/round', { status: 302, headers: { location: target.url('/round') } })
    await expect(guardedFetch({ allowPrivate: true })(target.url('/round'))).rejects.toThrow('too many redirects')
    expect(target.at('/round')).toHaveLength(4)
  })

  test('read only so much', async () => {
    target.answers.set('/large', { status: 200, body: 'x'.repeat(5000) })
    await expect(guardedFetch({ allowPrivate: true })(target.url('/large'), { maxBytes: 1000 })).rejects.toThrow(
      'larger',
    )
  })
})
