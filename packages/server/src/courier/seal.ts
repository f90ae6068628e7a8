import type { Context } from '../kernel/context.ts'
import { openText, sealText } from '../kernel/seal.ts'

const keyPurpose = 'courier'

/** What a text is and whose, so that a sealed value cannot be moved to another row or column. */
type Place = `${string}/${'body' | 'html' | 'template_data'}`

/** Encrypts what may hold a code or link, so that a stolen database signs nobody in. */
export function seal(ctx: Pick<Context, 'keys' | 'random'>, place: Place, text: string): string {
  return sealText(ctx.random, ctx.keys.derive(keyPurpose), place, text)
}

/** Undoes `seal`. Text that was emptied, or sealed under another key, gives an empty text. */
export function unseal(ctx: Pick<Context, 'keys'>, place: Place, sealed: string): string {
  return openText(ctx.keys.derive(keyPurpose), place, sealed) ?? ''
}
