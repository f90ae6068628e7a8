import { Secret, TOTP, URI } from 'otpauth'
import { toDataURL } from 'qrcode'
import { compiledSchema, type Identity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'

/** 160 bits, the length of SHA-1 (RFC 4226, section 4). */
const secretBytes = 20
/** Pixels of a side, as Kratos draws the code. */
const qrSize = 256
/** Codes of the steps beside the present one are accepted, since clocks differ (RFC 6238, section 5.2). */
const acceptedSteps = 1

/** A new secret as the otpauth address that apps read; the account is called as the identity's schema marks it. */
export function newTotpUrl(ctx: Context, { document }: Identity): string {
  const { schema_id: schemaId, traits, id } = document
  const { issuer } = ctx.config.identity.selfservice.methods.totp.config
  const host = new URL(ctx.config.identity.serve.public.base_url).hostname
  const label = compiledSchema(ctx, schemaId).extract(traits).labels.totp ?? id
  const buffer = new Uint8Array(ctx.random.bytes(secretBytes)).buffer
  return new TOTP({ issuer: issuer || host, label, secret: new Secret({ buffer }) }).toString()
}

/** The secret of an otpauth address in base32, to be typed into an app. */
export function secretOf(totpUrl: string): string {
  return URI.parse(totpUrl).secret.base32
}

/** The otpauth address as a picture for the camera of an app: a PNG in a data URI. */
export function qrCode(totpUrl: string): Promise<string> {
  return toDataURL(totpUrl, { width: qrSize, margin: 2 })
}

/** Whether a code is the one of this moment. Spaces in it are ignored. */
export function isValidCode(ctx: Context, totpUrl: string, code: string): boolean {
  const totp = URI.parse(totpUrl)
  if (!(totp instanceof TOTP)) return false
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6,8}$/.test(token)) return false
  return totp.validate({ token, timestamp: ctx.clock.now(), window: acceptedSteps }) !== null
}

/** The otpauth address of an identity's app, if it has one. */
export function totpUrlOf({ credentials }: Pick<Identity, 'credentials'>): string | undefined {
  const url = credentials.totp?.config.totp_url
  return typeof url === 'string' && url !== '' ? url : undefined
}
