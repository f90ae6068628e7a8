import type { Context } from '../kernel/context.ts'
import { openText, sealText } from '../kernel/seal.ts'

const keyPurpose = 'courier'

/** The purpose and owner of a text, so that an encrypted value cannot be moved to another row or column. */
type Place = `${string}/${'body' | 'html' | 'template_data'}`

/** Encrypts text that may contain a code or link, so that a stolen database cannot be used to sign in. */
export function seal(ctx: Pick<Context, 'keys' | 'random'>, place: Place, text: string): string {
  return sealText(ctx.random, ctx.keys.derive(keyPurpose), place, text)
}

/** Reverses `seal`. Returns an empty text if the value was cleared or encrypted with another key. */
export function unseal(ctx: Pick<Context, 'keys'>, place: Place, sealed: string): string {
  return openText(ctx.keys.derive(keyPurpose), place, sealed) ?? ''
}
