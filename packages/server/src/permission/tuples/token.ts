import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'

/** Lists whose pages follow a token; one of one list opens no other. */
export type TokenList = 'relation-tuples' | 'relation-tuples-of-subject' | 'permission-objects' | 'permission-subjects'

/** What tells the last row of a page. */
export type TokenKey = readonly (string | number)[]

const usualSize = 100
const largestSize = 1000

/** How many rows a page has: the usual number unless one above zero is asked for. */
export function pageSize(asked: number): number {
  return asked > 0 ? Math.min(asked, largestSize) : usualSize
}

/** Where a page ended, with proof that it was written here for this project and this list. */
export function writeToken(ctx: Context, list: TokenList, key: TokenKey): string {
  const text = Buffer.from(JSON.stringify(key)).toString('base64url')
  return `${text}.${proof(ctx, list, text)}`
}

/**
 * The key that a token was written with.
 * @throws ApiError 400 for one that was not written here.
 */
export function readToken(ctx: Context, list: TokenList, token: string): TokenKey {
  const [text = '', mac = ''] = token.split('.')
  if (!sameText(mac, proof(ctx, list, text))) {
    throw ApiError.badRequest({ message: 'The page token was not made by this server.' })
  }
  // What carries the proof is what was written.
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as TokenKey
}

function proof(ctx: Context, list: TokenList, text: string): string {
  return ctx.keys.mac('page token', `${ctx.project.id}/${list}/${text}`)
}
