import { ApiError, type Relationships } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'
import { tupleColumns } from '../tables.ts'
import { requireKnown } from './change.ts'
import { filterFrom } from './read.ts'
import { listTuples, type TupleKey } from './store.ts'
import { tupleOf } from './subject.ts'

const usualSize = 100
const largestSize = 1000

/** The tuples that the parameters of a query mean, page by page. */
export async function listRelationships(ctx: Context, search: URLSearchParams): Promise<Relationships> {
  const filter = filterFrom(search)
  requireKnown(ctx, filter)
  const size = sizeFrom(search)
  const token = search.get('page_token') ?? ''
  const after = token === '' ? undefined : readToken(ctx, token)
  // One more than asked for tells whether there is a next page.
  const rows = await listTuples(ctx, filter, { size: size + 1, ...(after && { after }) })
  const more = rows.length > size
  const shown = more ? rows.slice(0, size) : rows
  const last = shown.at(-1)
  return {
    relation_tuples: shown.map(tupleOf),
    next_page_token:
      more && last
        ? writeToken(
            ctx,
            tupleColumns.map((column) => last[column]),
          )
        : '',
  }
}

function sizeFrom(search: URLSearchParams): number {
  const text = search.get('page_size') ?? ''
  if (!/^-?\d{0,15}$/.test(text)) throw ApiError.badRequest({ message: 'The page size must be a whole number.' })
  return Number(text) > 0 ? Math.min(Number(text), largestSize) : usualSize
}

/** Where a page ended, with proof that it was written here for this project. */
function writeToken(ctx: Context, key: TupleKey): string {
  const text = Buffer.from(JSON.stringify(key)).toString('base64url')
  return `${text}.${proof(ctx, text)}`
}

function readToken(ctx: Context, token: string): TupleKey {
  const [text = '', mac = ''] = token.split('.')
  if (!sameText(mac, proof(ctx, text))) {
    throw ApiError.badRequest({ message: 'The page token was not made by this server.' })
  }
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as TupleKey
}

function proof(ctx: Context, text: string): string {
  return ctx.keys.mac('page token', `${ctx.project.id}/relation-tuples/${text}`)
}
