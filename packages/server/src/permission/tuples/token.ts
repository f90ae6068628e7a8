import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'

/** Lists with page tokens; the token of one list is refused by the others. */
export type TokenList = 'relation-tuples' | 'relation-tuples-of-subject' | 'permission-objects' | 'permission-subjects'

/** The key of the last row of a page. */
export type TokenKey = readonly (string | number)[]

const defaultSize = 100
const maxSize = 1000

/** The size of a page: the default unless a number above zero is asked for. */
export function pageSize(asked: number): number {
  return asked > 0 ? Math.min(asked, maxSize) : defaultSize
}

/** A token for the end of a page, authenticated for this project and list. */
export function issueToken(ctx: Context, list: TokenList, key: TokenKey): string {
  const text = Buffer.from(JSON.stringify(key)).toString('base64url')
  return `${text}.${proofs(ctx, list, text)[0]}`
}

/**
 * The key in a token.
 * @throws ApiError 400 for a token that was not issued here.
 */
export function verifyToken(ctx: Context, list: TokenList, token: string): TokenKey {
  const [text = '', mac = ''] = token.split('.')
  if (!proofs(ctx, list, text).some((proof) => sameText(mac, proof))) {
    throw ApiError.badRequest({ message: 'The page token is invalid.' })
  }
  // Only authenticated text is parsed.
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as TokenKey
}

function proofs(ctx: Context, list: TokenList, text: string): string[] {
  return ctx.tokenKeys.macs('page token', `${ctx.project.id}/${list}/${text}`)
}
