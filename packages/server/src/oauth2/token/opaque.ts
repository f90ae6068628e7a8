import { createHmac } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { openText, sealText } from '../../kernel/seal.ts'

/** What a token is for, as Hydra's prefixes say. */
export type TokenPrefix = 'ory_at_' | 'ory_rt_' | 'ory_ac_' | 'ory_dc_' | 'ory_ru_'

/** A token of 512 random bits, in the shape of Hydra's. */
export function newToken({ random }: Context, prefix: TokenPrefix): string {
  const bytes = random.bytes(64)
  return `${prefix}${bytes.toString('base64url', 0, 32)}.${bytes.toString('base64url', 32)}`
}

/** Longer texts are no tokens. */
const maxLength = 32 << 10

/** The hash by which a token is stored; undefined for a text that cannot be one. */
export function hashOfToken(token: string): string | undefined {
  return token === '' || token.length > maxLength ? undefined : tokenHash(token)
}

/**
 * Encrypts what belongs to a token with a key that is derived from the token, so that a stolen database does not
 * disclose it, and no key of the installation is needed to read it.
 */
export function sealWithToken({ random }: Context, token: string, value: unknown): string {
  return sealText(random, keyOf(token), 'oauth2', JSON.stringify(value))
}

/** Reverses `sealWithToken`. */
export function openWithToken<T>(token: string, sealed: string): T {
  const text = openText([keyOf(token)], 'oauth2', sealed)
  if (text === undefined) throw new Error('the data of a token could not be decrypted')
  return JSON.parse(text) as T
}

function keyOf(token: string): Buffer {
  return createHmac('sha256', 'latchkey oauth2 token data').update(token).digest()
}
