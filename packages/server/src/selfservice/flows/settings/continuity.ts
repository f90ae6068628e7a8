import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { Context } from '../../../kernel/context.ts'
import { type Call, setCookie } from '../../../kernel/http/index.ts'
import type { Body } from '../body.ts'
import type { Flow } from '../flow.ts'

const cookieName = 'ory_kratos_continuity'

/**
 * Keeps a submission that needs a recent sign-in until the person comes back from it. It is encrypted under a key
 * that only the browser's cookie holds, so that the database never holds a password in readable form.
 * Gives the Set-Cookie line.
 */
export function keepSubmission(ctx: Context, flow: Flow, body: Body): string {
  const secret = ctx.random.bytes(32)
  const iv = ctx.random.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(flow.id))
  const sealed = Buffer.concat([iv, cipher.update(JSON.stringify(body), 'utf8'), cipher.final(), cipher.getAuthTag()])
  flow.kept = sealed.toString('base64url')
  return continuityCookie(ctx, secret.toString('base64url'))
}

/** The submission that was kept for this browser, if any. */
export function keptSubmission(call: Call, flow: Flow): Body | undefined {
  const cookie = call.cookie(cookieName)
  if (!cookie || !flow.kept) return undefined
  const bytes = Buffer.from(flow.kept, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(Buffer.from(cookie, 'base64url')), bytes.subarray(0, 12))
    decipher.setAAD(Buffer.from(flow.id)).setAuthTag(bytes.subarray(-16))
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8'))
  } catch {
    return undefined
  }
}

export function forgetCookie(ctx: Context): string {
  return continuityCookie(ctx, '')
}

function continuityCookie(ctx: Context, value: string): string {
  const { cookies, dev } = ctx.config.identity
  const secure = cookies.secure ?? !dev
  return setCookie(cookieName, value, {
    path: cookies.path,
    domain: cookies.domain,
    secure,
    sameSite: 'Lax',
    maxAgeSeconds: value ? 3600 : 0,
  })
}

function keyOf(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest()
}
