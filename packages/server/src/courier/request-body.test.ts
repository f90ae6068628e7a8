import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCourierTest, queueCode } from '../../test/courier.ts'
import type { Fetch, FetchInit } from '../kernel/fetch.ts'
import { createChannels } from './channels.ts'
import { deliverDue } from './deliver.ts'
import { loadCourier } from './load.ts'
import { findMessage, listDispatches } from './store.ts'

let courier: Awaited<ReturnType<typeof openCourierTest>>
beforeAll(async () => {
  courier = await openCourierTest('memory')
})
afterAll(() => courier.close())

const base64 = (text: string) => `base64://${Buffer.from(text).toString('base64')}`
const noFetch: Fetch = () => Promise.reject(new Error('nothing is fetched'))

/** Sends a text message through a service with this snippet. */
async function deliver(snippet: string, headers: Record<string, string> = {}) {
  const asked: FetchInit[] = []
  const config = { url: 'https://sms.example', method: 'POST', headers, body: base64(snippet) }
  const ctx = await courier.project({ channels: [{ id: 'sms', request_config: config }] }, async (_, init) => {
    asked.push(init ?? {})
    return { status: 200, headers: new Headers(), text: '' }
  })
  expect(await loadCourier(ctx.config.identity.courier, { folder: undefined, fetch: noFetch })).toEqual([])
  const id = await queueCode(ctx, '+491701234567')
  await deliverDue(courier, createChannels())
  return { asked, message: await findMessage(ctx, id), dispatches: await listDispatches(ctx, id) }
}

test('Jsonnet makes the body from the message', async () => {
  const { asked, message } = await deliver(`function(ctx) {
    to: ctx.recipient,
    text: ctx.body,
    kind: ctx.message_type + ' ' + ctx.template_type,
    code: ctx.template_data.login_code,
  }`)
  expect(message?.status).toBe('sent')
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    to: '+491701234567',
    text: expect.stringContaining('402118'),
    kind: 'sms login_code_valid',
    code: '402118',
  })
})

test('a form is sent as a form', async () => {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const { asked } = await deliver("function(ctx) { To: ctx.recipient, Body: 'ä & b' }", type)
  expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({ To: '+491701234567', Body: 'ä & b' })
  expect(asked[0]?.headers).toMatchObject(type)
})

test('a failure tells where it happened, and nothing of the message', async () => {
  const { dispatches } = await deliver('function(ctx)\n  error ctx.template_data.login_code')
  expect(JSON.stringify(dispatches)).toContain('the Jsonnet of the request failed at body:2:')
  expect(JSON.stringify([dispatches, courier.lines])).not.toContain('402118')
})

test.each([
  ['canceled', 'function(ctx) error "cancel"', 'abandoned'],
  ['not evaluated', 'function(ctx) ctx.unknown', 'queued'],
])('nothing is sent if the body is %s', async (_, snippet, status) => {
  const { asked, message, dispatches } = await deliver(snippet)
  expect([asked, message?.status, dispatches.length]).toEqual([[], status, 1])
})

test.each([
  ['a snippet that is not Jsonnet', { body: base64('function(ctx) {') }, 'body'],
  ['a snippet that cannot be read', { body: 'file:///nowhere/body.jsonnet' }, 'body'],
  ['another content type', { body: base64('function(ctx) {}'), headers: { 'Content-Type': 'text/plain' } }, 'headers'],
])('%s is refused by its key', async (_, fields, key) => {
  const config = { url: 'https://post.example', method: 'POST', headers: {}, ...fields }
  const ctx = await courier.project({ delivery_strategy: 'http', http: { request_config: config } })
  const problems = await loadCourier(ctx.config.identity.courier, { folder: '/', fetch: noFetch })
  expect(problems.map(({ path }) => path)).toEqual([['courier', 'http', 'request_config', key]])
})
