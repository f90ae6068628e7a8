import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { openInstallation } from '../src/app/installation.ts'
import { defaultProject } from '../src/configuration/index.ts'
import { queueMessage } from '../src/courier/queue.ts'
import type { TemplateData } from '../src/courier/templates/types.ts'
import { projectContext } from '../src/db/index.ts'
import type { Context } from '../src/kernel/context.ts'
import { type Fetch, guardedFetch } from '../src/kernel/fetch.ts'
import { keysFrom } from '../src/kernel/keys.ts'
import { systemRandom } from '../src/kernel/random.ts'
import { ensureProject } from '../src/project/index.ts'

type CourierConfig = Context['config']['identity']['courier']

/** The databases that stores are tested on: PostgreSQL where one is named. */
export const dsns = [
  ['SQLite', 'memory'] as const,
  ['PostgreSQL', process.env.LATCHKEY_TEST_POSTGRES] as const,
].flatMap(([name, dsn]) => (dsn ? [[name, dsn] as const] : []))

/** A clock that stands still until it is moved. */
export function movableClock() {
  let now = Date.UTC(2026, 0, 1)
  let elapsed = 0
  return {
    now: () => now,
    monotonic: () => elapsed,
    advance(ms: number) {
      now += ms
      elapsed += ms
    },
    /** What an operator or a time server does. */
    setBack(ms: number) {
      now -= ms
    },
  }
}

/** One database with as many projects as wanted, each with its own courier configuration. */
export async function openCourierTest(dsn: string) {
  const clock = movableClock()
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const opened = await openInstallation({
    database: dsn,
    clock,
    random: systemRandom,
    log,
    fetch: guardedFetch({ allowPrivate: true }),
    keys: keysFrom(Buffer.alloc(32, 7)),
  })
  const { database, installation } = opened
  const contexts = new Map<string, Context>()
  return {
    database,
    clock,
    notifier: installation.notifier,
    /** Everything that was logged. */
    lines,
    context: (projectId: string) => contexts.get(projectId),
    log,
    pollMs: 3_600_000,
    async project(courier: Partial<CourierConfig> = {}, fetch: Fetch = installation.fetch) {
      const slug = `t-${systemRandom.uuid()}`
      const { config } = await defaultProject({ port: 4000, mode: 'dev' })
      const project = await ensureProject(database, { slug, name: 'Harbour & Sons' }, installation)
      const identity = { ...config.identity, courier: { ...config.identity.courier, ...courier } }
      const ctx = projectContext(database, { ...installation, fetch }, { project, config: { ...config, identity } })
      contexts.set(project.id, ctx)
      return ctx
    },
    close: () => opened.close(),
  }
}

export interface Received extends Email {
  raw: string
  envelope: { from: string; to: string[] }
}

/** A mail server on a free port that keeps what it is sent. */
export async function openMailServer(options: SMTPServerOptions = {}) {
  const received: Received[] = []
  let connections = 0
  const waiting: (() => void)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect: (_session, done) => {
      connections++
      done()
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString('latin1')
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ ...(await PostalMime.parse(raw)), raw, envelope: { from, to } })
        for (const wake of waiting.splice(0)) wake()
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    uri: `smtp://127.0.0.1:${port}/?disable_starttls=true`,
    received,
    connections: () => connections,
    /** Resolves when so many mails have come. */
    async count(wanted: number) {
      while (received.length < wanted) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** The courier configuration that sends to a mail server. */
export function smtpTo(uri: string, more: Partial<CourierConfig['smtp']> = {}): Partial<CourierConfig> {
  return {
    delivery_strategy: 'smtp',
    smtp: {
      connection_uri: uri,
      client_cert_path: '',
      client_key_path: '',
      from_address: 'post@harbour.example',
      headers: {},
      local_name: 'localhost',
      ...more,
    },
  }
}

/** Queues a sign-in code. */
export function queueCode(ctx: Context, to: string, code = '402118'): Promise<string> {
  const requestUrl = 'https://harbour.example/sign-in'
  const data = { to, login_code: code, identity: {}, request_url: requestUrl, expires_in_minutes: 15 }
  return queueMessage(ctx, 'login_code_valid', data, { via: to.includes('@') ? 'email' : 'sms' })
}

const common = { to: 'reader@harbour.example', request_url: 'https://harbour.example/x' }
const known = { ...common, identity: { traits: {} }, expires_in_minutes: 15 }
const code = '402118'
export const sampleUrl = 'https://harbour.example/go?flow=1&token=abcdef'

/** Data of every message. */
export const messageSamples: TemplateData = {
  recovery_code_valid: { ...known, recovery_code: code },
  recovery_code_invalid: common,
  recovery_valid: { ...known, recovery_url: sampleUrl },
  recovery_invalid: common,
  verification_code_valid: { ...known, verification_code: code, verification_url: `${sampleUrl}&code=${code}` },
  verification_code_invalid: common,
  verification_valid: { ...known, verification_url: sampleUrl },
  verification_invalid: common,
  login_code_valid: { ...known, login_code: code },
  registration_code_valid: { ...common, registration_code: code, traits: {}, expires_in_minutes: 15 },
  verifiable_address_changed: { to: common.to, identity: { traits: {} }, changed_at: '2026-11-29T12:00:00Z' },
  authenticator_key_added: {
    to: common.to,
    identity: { traits: {} },
    authenticator: 'passkey',
    added_at: '2026-11-29T12:00:00Z',
  },
  impersonation_started: {
    to: 'reader@harbour.example',
    identity: {},
    reason: 'Ticket 7',
    expires_at: '2026-11-29T12:00:00Z',
  },
}
