import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messageSamples, openCourierTest, queueCode } from '../../test/courier.ts'
import type { Fetch } from '../kernel/fetch.ts'
import { createChannels } from './channels.ts'
import { contentOf } from './content.ts'
import { deliverDue } from './deliver.ts'
import { loadCourier } from './load.ts'
import { listMailbox, readMail } from './mailbox.ts'
import { queueMessage } from './queue.ts'
import { findMessage } from './store.ts'
import type { CourierMessageRow } from './tables.ts'
import { smsTemplates, type TemplateType } from './templates/types.ts'

let courier: Awaited<ReturnType<typeof openCourierTest>>
let folder: string
beforeAll(async () => {
  courier = await openCourierTest('memory')
  folder = mkdtempSync(join(tmpdir(), 'courier-'))
  mkdirSync(join(folder, 'mail/login_code/valid'), { recursive: true })
  writeFileSync(join(folder, 'subject.txt'), 'Code for {{ .To }}')
  writeFileSync(join(folder, 'mail/login_code/valid/email.subject.gotmpl'), 'not this one')
  writeFileSync(join(folder, 'mail/login_code/valid/email.body.gotmpl'), '<b>{{ .LoginCode }}</b>')
})
afterAll(async () => {
  await courier.close()
  rmSync(folder, { recursive: true })
})

const base64 = (text: string) => `base64://${Buffer.from(text).toString('base64')}`
const fetch: Fetch = async (url) => ({
  status: url.endsWith('missing') ? 404 : 200,
  headers: new Headers(),
  text: 'SMS {{ .LoginCode }}',
})

test('custom templates come from addresses, then from the override folder, then from here', async () => {
  const email = { subject: 'file://./subject.txt', body: { plaintext: base64('Plain {{ .LoginCode }}') } }
  const sms = { body: { plaintext: 'https://templates.example/sms' } }
  const ctx = await courier.project({
    template_override_path: './mail',
    templates: { login_code: { valid: { email, sms } } },
  })
  expect(await loadCourier(ctx.config.identity.courier, { folder, fetch })).toEqual([])
  await queueCode(ctx, 'reader@harbour.example')
  courier.clock.advance(1)
  await queueCode(ctx, '+491701234567')
  await deliverDue(courier, createChannels())
  const [phone, mail] = await listMailbox(ctx)
  expect(mail).toMatchObject({
    subject: 'Code for reader@harbour.example',
    text: 'Plain 402118',
    html: '<b>402118</b>',
  })
  expect(phone?.text).toBe('SMS 402118')
})

test('templates that cannot be used are named by their key', async () => {
  const requestConfig = { url: 'https://post.example', method: 'POST', headers: {}, body: base64('function(ctx) {}') }
  const ctx = await courier.project({
    templates: {
      recovery: { valid: { email: { subject: base64('{{ if .To }}x{{ env "HOME" }}') } } },
      login_code: {
        valid: { email: { subject: 'file://./nowhere', body: { html: 'https://templates.example/missing' } } },
      },
    },
    http: { request_config: requestConfig },
    channels: [{ id: 'sms', request_config: requestConfig }],
  })
  const problems = await loadCourier(ctx.config.identity.courier, { folder, fetch })
  expect(problems.map(({ path }) => path.join('.'))).toEqual([
    'courier.templates.recovery.valid.email.subject',
    'courier.templates.login_code.valid.email.subject',
    'courier.templates.login_code.valid.email.body.html',
  ])
  expect(problems[0]?.found).toContain('email.subject.gotmpl:1: function "env" not defined')
})

test('a configuration whose templates were not loaded sends nothing else in their place', async () => {
  const ctx = await courier.project({ template_override_path: './mail' })
  const id = await queueCode(ctx, 'reader@harbour.example')
  await expect(contentOf(ctx, (await findMessage(ctx, id)) as CourierMessageRow)).rejects.toThrow(
    'before its templates were loaded',
  )
  await deliverDue(courier, createChannels())
  expect((await findMessage(ctx, id))?.status).toBe('queued')
})

test('every part of every message can be replaced, by the configuration and by the override folder', async () => {
  const own = join(folder, 'all')
  const names = ['email.subject', 'email.body.plaintext', 'email.body', 'sms.body']
  const sourceOf = (name: string) => base64(`by configuration: ${name} {{ .To }}`)
  const email = {
    subject: sourceOf('email.subject'),
    body: { plaintext: sourceOf('email.body.plaintext'), html: sourceOf('email.body') },
  }
  const sms = { body: { plaintext: sourceOf('sms.body') } }
  const templates: Record<string, Record<string, object>> = {}
  for (const type of Object.keys(messageSamples) as TemplateType[]) {
    const [, key = type, state] = /^(.*)_(valid|invalid)$/.exec(type) ?? []
    mkdirSync(join(own, key, state ?? ''), { recursive: true })
    for (const name of names)
      writeFileSync(join(own, key, state ?? '', `${name}.gotmpl`), `by folder: ${name} {{ .To }}`)
    const sources = { email, ...(state !== 'invalid' && { sms }) }
    templates[key] = state ? { ...templates[key], [state]: sources } : sources
  }
  const kinds = [
    ['by configuration', await courier.project({ templates })],
    ['by folder', await courier.project({ template_override_path: './all' })],
  ] as const
  for (const [kind, ctx] of kinds) {
    expect(await loadCourier(ctx.config.identity.courier, { folder, fetch })).toEqual([])
    for (const type of Object.keys(messageSamples) as TemplateType[]) {
      const data = messageSamples[type]
      const id = await queueMessage(ctx, type, data, { via: 'email' })
      expect(await readMail(ctx, id)).toMatchObject({
        subject: `${kind}: email.subject ${data.to}`,
        text: `${kind}: email.body.plaintext ${data.to}`,
        html: `${kind}: email.body ${data.to}`,
      })
      if (!smsTemplates.includes(type)) continue
      const text = await queueMessage(ctx, type, { ...data, to: '+491701234567' }, { via: 'sms' })
      expect((await readMail(ctx, text))?.text).toBe(`${kind}: sms.body +491701234567`)
    }
  }
})

test('a template of the override folder may call its siblings', async () => {
  const own = join(folder, 'siblings/login_code/valid')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'email.body.gotmpl'), '{{ template "email.body.en.gotmpl" . }}{{ template "end" }}')
  writeFileSync(join(own, 'email.body.en.gotmpl'), '<b>{{ .LoginCode }}</b>{{ define "end" }}<hr>{{ end }}')
  const ctx = await courier.project({ template_override_path: './siblings' })
  expect(await loadCourier(ctx.config.identity.courier, { folder, fetch })).toEqual([])
  await queueCode(ctx, 'reader@harbour.example')
  expect((await listMailbox(ctx))[0]?.html).toBe('<b>402118</b><hr>')
})

test('templates are executed when a message is delivered, and when it is read before', async () => {
  const email = { body: { plaintext: base64('{{ randAlphaNum 20 }} {{ regexFind "[0-9]+" .LoginCode }}') } }
  const ctx = await courier.project({ templates: { login_code: { valid: { email } } } })
  expect(await loadCourier(ctx.config.identity.courier, { folder, fetch })).toEqual([])
  const id = await queueCode(ctx, 'reader@harbour.example')
  const read = async () => (await readMail(ctx, id))?.text ?? ''
  const before = [await read(), await read()]
  for (const text of before) expect(text).toMatch(/^[A-Za-z0-9]{20} 402118$/)
  expect(before[0]).not.toBe(before[1])
  await deliverDue(courier, createChannels())
  const sent = await read()
  expect(sent).toMatch(/ 402118$/)
  expect(await read()).toBe(sent)
})

test('a template without end delays neither the queue nor a sign-in, and its message is sent as built in', async () => {
  const email = { body: { plaintext: base64('{{ range 9223372036854775807 }}{{ end }}') } }
  const ctx = await courier.project({ templates: { login_code: { valid: { email } } } })
  expect(await loadCourier(ctx.config.identity.courier, { folder, fetch })).toEqual([])
  const id = await queueCode(ctx, 'reader@harbour.example')
  await deliverDue(courier, createChannels())
  const mail = await readMail(ctx, id)
  expect(mail?.text).toContain('402118')
  const lines = courier.lines.filter((line) => line.includes(id) && line.includes('a custom template failed'))
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    template: 'login_code_valid/text',
    reason: 'the evaluation took longer than 1000 ms',
  })
})

test('a template that fails with the data of a message is replaced by the built-in one', async () => {
  const email = { subject: base64('{{ index .Identity.traits.tags 5 }}'), body: { plaintext: base64('{{ .To }}') } }
  const ctx = await courier.project({ templates: { login_code: { valid: { email } } } })
  expect(await loadCourier(ctx.config.identity.courier, { folder, fetch })).toEqual([])
  await queueCode(ctx, 'reader@harbour.example')
  const [mail] = await listMailbox(ctx)
  expect(mail?.text).toBe('reader@harbour.example')
  expect(mail?.subject).toMatch(/\S/)
  const line = courier.lines.find((one) => one.includes('failed at email.subject.gotmpl:1'))
  expect(line).toBeDefined()
  expect(courier.lines.join('')).not.toContain('402118')
})
