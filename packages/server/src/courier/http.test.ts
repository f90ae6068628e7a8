import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCourierTest, queueCode } from '../../test/courier.ts'
import { type Answer, type Fetch, FetchError, type FetchInit } from '../kernel/fetch.ts'
import { outgoingHeaders } from '../kernel/outgoing-headers.ts'
import { createChannels } from './channels.ts'
import { deliverDue } from './deliver.ts'
import { findMessage, listDispatches } from './store.ts'

let courier: Awaited<ReturnType<typeof openCourierTest>>
beforeAll(async () => {
  courier = await openCourierTest('memory')
})
afterAll(() => courier.close())

/** A service that takes messages, or answers with another status. */
function service(status = 202) {
  const asked: (FetchInit & { url: string })[] = []
  const fetch: Fetch = async (url, init): Promise<Answer> => {
    asked.push({ url, ...init })
    return { status, headers: new Headers(), text: '' }
  }
  return { asked, fetch }
}

const request = { url: 'https://post.example/send', method: 'POST', headers: { 'X-Tenant': '7' } }

test('mail by HTTP carries everything that a request template could use', async () => {
  const { asked, fetch } = service()
  const ctx = await courier.project({ delivery_strategy: 'http', http: { request_config: request } }, fetch)
  const id = await queueCode(ctx, 'reader@harbour.example')
  await deliverDue(courier, createChannels())
  expect(asked).toMatchObject([
    {
      url: request.url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-tenant': '7' },
      maxRedirects: 0,
    },
  ])
  const body = JSON.parse(asked[0]?.body ?? '')
  expect(body).toMatchObject({
    recipient: 'reader@harbour.example',
    subject: 'Your code to sign in to Harbour & Sons',
    template_type: 'login_code_valid',
    template_data: { to: 'reader@harbour.example', login_code: '402118', expires_in_minutes: 15 },
    message_type: 'email',
  })
  expect(body.body).toContain('402118')
  expect(body.html_body).toContain('<html')
  expect((await findMessage(ctx, id))?.status).toBe('sent')
})

test('a text message with a code is bound to the host on which it was asked for, an email is not', async () => {
  const { asked, fetch } = service()
  const ctx = await courier.project(
    {
      delivery_strategy: 'http',
      http: { request_config: request },
      channels: [{ id: 'sms', request_config: request }],
    },
    fetch,
  )
  await queueCode(ctx, '+491701234567')
  courier.clock.advance(1)
  await queueCode(ctx, 'reader@harbour.example')
  await deliverDue(courier, createChannels())
  const [sms, email] = asked
    .map(({ body = '' }) => JSON.parse(body))
    .sort((a, b) => a.recipient.localeCompare(b.recipient))
  expect(sms.template_data.request_url_domain).toBe('harbour.example')
  expect(sms.body.split('\n').at(-1)).toBe('@harbour.example #402118')
  expect(email.template_data).not.toHaveProperty('request_url_domain')
})

test('text messages go to their own channel', async () => {
  const { asked, fetch } = service()
  const ctx = await courier.project(
    { channels: [{ id: 'sms', request_config: { ...request, url: 'https://sms.example' } }] },
    fetch,
  )
  await queueCode(ctx, '+491701234567')
  await deliverDue(courier, createChannels())
  expect(asked[0]?.url).toBe('https://sms.example')
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
    recipient: '+491701234567',
    message_type: 'sms',
    body: expect.stringMatching(/^402118 is your code .*\n\n@harbour\.example #402118$/s),
  })
})

test.each([
  [
    { type: 'basic_auth' as const, config: { user: 'kai', password: 'secret' } },
    { authorization: 'Basic a2FpOnNlY3JldA==' },
  ],
  [{ type: 'api_key' as const, config: { name: 'X-Key', value: 'k1', in: 'header' as const } }, { 'x-key': 'k1' }],
  [{ type: 'api_key' as const, config: { name: 'key', value: 'k1', in: 'cookie' as const } }, { cookie: 'key=k1' }],
])('shows who it is: %j', async (auth, headers) => {
  const { asked, fetch } = service()
  const ctx = await courier.project(
    { delivery_strategy: 'http', http: { request_config: { ...request, auth } } },
    fetch,
  )
  await queueCode(ctx, 'reader@harbour.example')
  await deliverDue(courier, createChannels())
  expect(asked[0]?.headers).toMatchObject(headers)
})

test.each([
  ['another status', service(500).fetch, 'the HTTP service answered with status 500'],
  ['a redirect', service(302).fetch, 'the HTTP service answered with status 302'],
  ['no answer', (() => Promise.reject(new FetchError('gone'))) as Fetch, 'the HTTP service cannot be reached'],
])('%s is a failure that passes', async (_, fetch, message) => {
  const ctx = await courier.project({ delivery_strategy: 'http', http: { request_config: request } }, fetch)
  const id = await queueCode(ctx, 'reader@harbour.example')
  await deliverDue(courier, createChannels())
  expect(await findMessage(ctx, id)).toMatchObject({ status: 'queued' })
  expect(JSON.parse((await listDispatches(ctx, id))[0]?.error ?? '')).toEqual({ message })
})

test('a message that no channel is configured for is not lost in silence', async () => {
  const ctx = await courier.project({ delivery_strategy: 'smtp' })
  const id = await queueCode(ctx, '+491701234567')
  await deliverDue(courier, createChannels())
  expect(JSON.parse((await listDispatches(ctx, id))[0]?.error ?? '')).toEqual({
    message: 'no channel is configured for messages of type phone',
  })
})

test.each([
  'reader',
  'a@x.example, b@x.example',
  'a@x.example\r\nBcc: b@x.example',
  '<a@x.example>',
  `${'a'.repeat(320)}@x.example`,
])('nothing is queued to %j', async (to) => {
  const ctx = await courier.project()
  await expect(queueCode(ctx, to)).rejects.toThrow(RangeError)
})

test('a content type of the configuration replaces the usual one, in any letter case', async () => {
  expect(outgoingHeaders({ headers: { 'Content-TYPE': 'application/x-www-form-urlencoded' } })).toEqual({
    'content-type': 'application/x-www-form-urlencoded',
  })
})
