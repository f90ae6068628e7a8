import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { movableClock, openMailServer, smtpTo } from '../../test/courier.ts'
import { DeliveryError, type Outgoing } from './channel.ts'
import { createSmtpSender, type SmtpConfig, smtpOptions } from './smtp.ts'
import { render } from './templates/render.ts'

const ctx = { clock: movableClock() }
const config = (uri: string, more: Partial<SmtpConfig> = {}) => smtpTo(uri, more).smtp as SmtpConfig

function mail(to = 'reader@harbour.example'): Outgoing {
  const data = {
    to,
    verification_code: '402118',
    verification_url:
      'https://harbour.example/verification?code=402118&flow=0e3c1a52-2b6c-4a6f-9d0e-7a5b3c1d2e4f&x=ABCD',
    identity: {},
    request_url: '',
    expires_in_minutes: 15,
  }
  const { subject, text, html } = render('verification_code_valid', data, {
    via: 'email',
    language: 'de',
    name: 'Größe',
  })
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  return {
    id,
    type: 'email',
    recipient: to,
    subject,
    text,
    html,
    templateType: 'verification_code_valid',
    templateData: data,
  }
}

async function attempt(smtp: SmtpConfig, message = mail()): Promise<unknown> {
  const sender = createSmtpSender(smtp)
  try {
    await sender.send(ctx, message)
    return undefined
  } catch (error) {
    return error
  } finally {
    sender.close()
  }
}

test.each(['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '169.254.169.254'])(
  'a mail server at the private address %s is not connected to if that is not allowed',
  async (host) => {
    const server = await openMailServer()
    const { port } = new URL(server.uri)
    const sender = createSmtpSender(config(`smtp://${host}:${port}/?disable_starttls=true`), { publicOnly: true })
    const failure = await sender.send(ctx, mail()).catch((error: Error) => error)
    sender.close()
    expect(failure).toBeInstanceOf(DeliveryError)
    expect(String(failure)).not.toContain(host)
    expect(server.connections()).toBe(0)
    await server.close()
  },
)

describe('a plain mail server', () => {
  let server: Awaited<ReturnType<typeof openMailServer>>
  beforeAll(async () => {
    server = await openMailServer({
      onRcptTo: ({ address }, _session, done) => {
        const refusal = Object.assign(new Error('refused'), { responseCode: address.startsWith('full') ? 452 : 550 })
        done(/^(full|nobody)@/.test(address) ? refusal : undefined)
      },
    })
  })
  afterAll(() => server.close())

  test('gets text and HTML, from whom and to whom as configured', async () => {
    const smtp = config(server.uri, { from_name: 'Harbour, Ltd', headers: { 'X-Stream': 'sign-in' } })
    expect(await attempt(smtp)).toBeUndefined()
    const got = server.received.at(-1)
    expect(got?.envelope).toEqual({ from: 'post@harbour.example', to: ['reader@harbour.example'] })
    expect(got?.from).toMatchObject({ name: 'Harbour, Ltd', address: 'post@harbour.example' })
    expect(got?.to).toMatchObject([{ address: 'reader@harbour.example' }])
    expect(got?.subject).toBe('Bestätigen Sie Ihre Adresse für Größe')
    expect(got?.text?.trimEnd()).toBe(mail().text.trimEnd())
    expect(got?.html).toContain('Größe')
    expect(got?.messageId).toBe('<01890a5d-ac96-774b-bcce-b302099a8057@harbour.example>')
    const headers = Object.fromEntries(got?.headers.map(({ key, value }) => [key, value]) ?? [])
    expect(headers).toMatchObject({ 'x-stream': 'sign-in', 'auto-submitted': 'auto-generated' })
    expect(new Date(got?.date ?? '').getTime()).toBe(ctx.clock.now())
  })

  test('the first six digits on the wire are the code, the first address is the link', async () => {
    await attempt(config(server.uri))
    // Undone for the message as a whole, as simple mail readers do.
    const raw = server.received.at(-1)?.raw ?? ''
    const text = raw
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
    expect(text.match(/\b\d{6}\b/)?.[0]).toBe('402118')
    expect(text.match(/https?:\/\/[^\s"<>]+/)?.[0]).toBe(
      'https://harbour.example/verification?code=402118&flow=0e3c1a52-2b6c-4a6f-9d0e-7a5b3c1d2e4f&x=ABCD',
    )
  })

  test('a refused recipient is final, a full mailbox passes', async () => {
    expect(await attempt(config(server.uri), mail('nobody@harbour.example'))).toMatchObject({
      permanent: true,
      message: 'the mail server answered with 550',
    })
    expect(await attempt(config(server.uri), mail('full@harbour.example'))).toMatchObject({ permanent: false })
  })

  test('without STARTTLS it gets nothing unless that is allowed', async () => {
    const before = server.received.length
    expect(await attempt(config(`smtp://127.0.0.1:${server.port}/`))).toMatchObject({ permanent: false })
    expect(server.received).toHaveLength(before)
  })

  test('one connection serves several messages', async () => {
    const sender = createSmtpSender(config(server.uri))
    const before = server.connections()
    for (let i = 0; i < 3; i++) await sender.send(ctx, mail())
    sender.close()
    expect(server.connections() - before).toBe(1)
  })
})

test('a server that is away is a passing failure', async () => {
  const server = await openMailServer()
  await server.close()
  expect(await attempt(config(server.uri))).toMatchObject({
    permanent: false,
    message: expect.stringContaining('failed'),
  })
})

describe.each([
  ['STARTTLS', 'smtp', { disabledCommands: [] }],
  ['implicit TLS', 'smtps', { secure: true }],
])('a mail server with %s and a certificate of its own making', (_, scheme, options) => {
  let server: Awaited<ReturnType<typeof openMailServer>>
  const seen: (string | undefined)[] = []
  beforeAll(async () => {
    server = await openMailServer({
      ...options,
      authOptional: false,
      onAuth: ({ username, password }, _session, done) => {
        seen.push(`${username}:${password}`)
        if (password === 'pa ss:wörd') return done(null, { user: username })
        done(Object.assign(new Error('no'), { responseCode: 535 }))
      },
    })
  })
  afterAll(() => server.close())
  const uri = (query: string, user = 'kai%40harbour:pa%20ss%3Aw%C3%B6rd') =>
    `${scheme}://${user}@127.0.0.1:${server.port}/${query}`

  test('is refused, and told no password', async () => {
    expect(await attempt(config(uri('')))).toMatchObject({ permanent: false })
    expect(seen).toEqual([])
  })

  test('is used when its certificate need not be checked, with user and password', async () => {
    expect(await attempt(config(uri('?skip_ssl_verify=true')))).toBeUndefined()
    expect(server.received).toHaveLength(1)
    expect(seen).toEqual(['kai@harbour:pa ss:wörd'])
  })

  test('a wrong password passes, as the operator may correct it', async () => {
    expect(await attempt(config(uri('?skip_ssl_verify=true', 'kai:wrong')))).toMatchObject({ permanent: false })
  })
})

test.each([
  ['smtp://mail.example', { port: 587, secure: false, requireTLS: true, ignoreTLS: false }],
  ['smtp://mail.example:25/?disable_starttls=true', { port: 25, requireTLS: false, ignoreTLS: true }],
  ['smtps://mail.example', { port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
  ['smtps://mail.example/?disable_starttls=true', { secure: true, ignoreTLS: false }],
])('%s means what it means with Kratos', (uri, options) => {
  expect(smtpOptions(config(uri))).toMatchObject(options)
})

test('the name on the certificate can be told', () => {
  expect(smtpOptions(config('smtps://10.0.0.1/?server_name=mail.example')).tls).toMatchObject({
    servername: 'mail.example',
    rejectUnauthorized: true,
  })
})
