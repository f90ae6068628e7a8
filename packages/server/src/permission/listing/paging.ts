import type { Context } from '../../kernel/context.ts'
import { issueToken, pageSize, type TokenList, verifyToken } from '../tuples/token.ts'
import type { NamePage } from './store.ts'

/** A page as it is asked for: its size, or zero for the default, and the token of the page before, or none. */
export interface AskedPage {
  readonly size: number
  readonly token: string
}

/** @throws ApiError 400 for a token that was not written here. */
export function pageAfter(ctx: Context, list: TokenList, { size, token }: AskedPage): NamePage {
  if (token === '') return { size: pageSize(size) }
  const [after] = verifyToken(ctx, list, token)
  return { size: pageSize(size), after: String(after) }
}

/** The token of the page that begins after a name; empty where there is none. */
export function tokenAfter(ctx: Context, list: TokenList, last: string | undefined): string {
  return last === undefined ? '' : issueToken(ctx, list, [last])
}
