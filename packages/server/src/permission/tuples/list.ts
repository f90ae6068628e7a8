import { ApiError, type Relationships } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { keyColumns } from '../tables.ts'
import { requireFilterNamespaces } from './change.ts'
import { listingOrder } from './order.ts'
import { filterFrom } from './parse.ts'
import { listTuples, type TupleFilter } from './store.ts'
import { type RelationTuple, tupleOf } from './subject.ts'
import { issueToken, pageSize, verifyToken } from './token.ts'

/** The tuples that match the parameters of a query, page by page. */
export async function listRelationships(ctx: Context, search: URLSearchParams): Promise<Relationships> {
  const filter = filterFrom(search)
  const page = await listTuplePage(ctx, filter, { size: sizeFrom(search), token: search.get('page_token') ?? '' })
  return { relation_tuples: page.tuples, next_page_token: page.nextToken }
}

/** One page of the tuples that match a filter, with the default size unless a positive one is requested. */
export async function listTuplePage(
  ctx: Context,
  filter: TupleFilter,
  asked: { size: number; token: string },
): Promise<{ tuples: RelationTuple[]; nextToken: string }> {
  requireFilterNamespaces(ctx, filter)
  const size = pageSize(asked.size)
  const order = listingOrder(filter)
  // A position in one order means nothing in another.
  const list = order === keyColumns ? 'relation-tuples' : 'relation-tuples-of-subject'
  const after = asked.token === '' ? undefined : verifyToken(ctx, list, asked.token)
  // One extra row shows whether there is a next page.
  const rows = await listTuples(ctx, filter, { size: size + 1, ...(after && { after }) })
  const more = rows.length > size
  const shown = more ? rows.slice(0, size) : rows
  const last = shown.at(-1)
  const nextToken =
    more && last
      ? issueToken(
          ctx,
          list,
          order.map((column) => last[column]),
        )
      : ''
  return { tuples: shown.map(tupleOf), nextToken }
}

function sizeFrom(search: URLSearchParams): number {
  const text = search.get('page_size') ?? ''
  if (!/^-?\d{0,15}$/.test(text)) throw ApiError.badRequest({ message: 'The page size must be an integer.' })
  return Number(text)
}
