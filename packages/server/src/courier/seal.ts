import type { Context } from '../kernel/context.ts'
import { openText, resealText, sealText } from '../kernel/seal.ts'

const keyPurpose = 'courier'

/** The purpose and owner of a text, so that an encrypted value cannot be moved to another row or column. */
type Place = `${string}/${'body' | 'html' | 'template_data'}`

/** Encrypts text that may contain a code or link, so that a stolen database cannot be used to sign in. */
export function seal(ctx: Pick<Context, 'keys' | 'random'>, place: Place, text: string): string {
  return sealText(ctx.random, ctx.keys.derive(keyPurpose), place, text)
}

/** The text encrypted with the current key; undefined if it was not encrypted with an older one. */
export function reseal(ctx: Pick<Context, 'keys' | 'random'>, place: Place, sealed: string): string | undefined {
  return resealText(ctx.random, ctx.keys.deriveAll(keyPurpose), place, sealed)
}

/** Reverses `seal`. Returns an empty text if the value was cleared or encrypted with an unknown key. */
export function unseal(ctx: Pick<Context, 'keys'>, place: Place, sealed: string): string {
  return openText(ctx.keys.deriveAll(keyPurpose), place, sealed) ?? ''
}
