import { readFileSync } from 'node:fs'
import { connect, isIP } from 'node:net'
import { createTransport, type Transporter } from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js'
import type { IdentityConfig } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import { isPublic, publicLookup } from '../kernel/fetch.ts'
import { isTrue } from '../kernel/go-boolean.ts'
import { DeliveryError, type Outgoing } from './channel.ts'

export type SmtpConfig = IdentityConfig['courier']['smtp']

const connectionTimeoutMs = 10_000
const idleTimeoutMs = 30_000
const maxConnections = 5

/** Pooled connections to a mail server. */
export interface SmtpSender {
  send(ctx: Pick<Context, 'clock'>, message: Outgoing): Promise<void>
  close(): void
}

/** Creates a sender that connects on first use; with `publicOnly` to no mail server at a private address. */
export function createSmtpSender(config: SmtpConfig, { publicOnly = false } = {}): SmtpSender {
  const options = smtpOptions(config)
  const transport = createTransport(publicOnly ? { ...options, getSocket: connectPublic } : options)
  return {
    send: (ctx, message) => send(transport, config, message, ctx.clock.now()),
    close: () => transport.close(),
  }
}

/**
 * Kratos' connection URIs: `smtp://` requires STARTTLS unless `disable_starttls=true`; `smtps://` uses implicit TLS
 * (RFC 8314). `skip_ssl_verify=true` and `server_name=…` control certificate verification.
 */
export function smtpOptions(config: SmtpConfig): SMTPPool.Options {
  if (!config.connection_uri) throw new DeliveryError('courier.smtp.connection_uri is not configured')
  const uri = new URL(config.connection_uri)
  const implicitTls = uri.protocol === 'smtps:'
  const plain = !implicitTls && isTrue(uri.searchParams.get('disable_starttls') ?? '')
  const host = decodeURIComponent(uri.hostname).replace(/^\[|\]$/g, '')
  const user = decodeURIComponent(uri.username)
  return {
    pool: true,
    maxConnections,
    host,
    port: uri.port ? Number(uri.port) : implicitTls ? 465 : 587,
    secure: implicitTls,
    requireTLS: !implicitTls && !plain,
    ignoreTLS: plain,
    name: config.local_name,
    ...(user ? { auth: { user, pass: decodeURIComponent(uri.password) } } : {}),
    tls: {
      minVersion: 'TLSv1.2',
      servername: uri.searchParams.get('server_name') ?? (isIP(host) ? undefined : host),
      rejectUnauthorized: !isTrue(uri.searchParams.get('skip_ssl_verify') ?? ''),
      ...clientCertificate(config),
    },
    connectionTimeout: connectionTimeoutMs,
    greetingTimeout: connectionTimeoutMs,
    socketTimeout: idleTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Connects to the address that was checked, also if the name resolves to another one afterwards. */
const connectPublic: NonNullable<SMTPPool.Options['getSocket']> = ({ host = '', port = 0 }, done) => {
  if (isIP(host) && !isPublic(host)) return done(new Error('private addresses are not allowed'))
  const socket = connect({ host, port: Number(port), lookup: publicLookup })
  const fail = (error: Error) => {
    socket.destroy()
    done(error)
  }
  socket.setTimeout(connectionTimeoutMs, () => fail(new Error('the mail server did not answer in time')))
  socket.once('error', fail)
  socket.once('connect', () => {
    socket.setTimeout(0)
    socket.off('error', fail)
    done(null, { connection: socket })
  })
}

async function send(
  transport: Transporter,
  { from_address, from_name, headers }: SmtpConfig,
  { id, recipient, subject, text, html }: Outgoing,
  now: number,
): Promise<void> {
  try {
    await transport.sendMail({
      from: { name: from_name ?? '', address: from_address },
      to: { name: '', address: recipient },
      envelope: { from: from_address, to: [recipient] },
      subject,
      text,
      html,
      // Keeps lines short and the text readable on the wire, whatever its script.
      textEncoding: 'quoted-printable',
      date: new Date(now),
      // Stable across attempts, so that duplicates can be recognized.
      messageId: `<${id}@${from_address.split('@').pop()}>`,
      headers: { 'Auto-Submitted': 'auto-generated', ...headers },
    })
  } catch (cause) {
    throw failure(cause)
  }
}

/**
 * A 5xx reply about the message or its recipient is permanent (RFC 5321, section 4.2.1); connection errors are
 * temporary.
 */
function failure(cause: unknown): DeliveryError {
  const { code, responseCode } = cause as { code?: string; responseCode?: number }
  const permanent = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500
  const reason = responseCode ? `answered with ${responseCode}` : `failed (${code ?? 'unknown reason'})`
  return new DeliveryError(`the mail server ${reason}`, { permanent, cause })
}

function clientCertificate({ client_cert_path, client_key_path }: SmtpConfig) {
  if (!client_cert_path || !client_key_path) return {}
  return { cert: readFileSync(client_cert_path), key: readFileSync(client_key_path) }
}
