import type { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'
import { sameText } from '../keys.ts'
import { isUuid } from '../uuid.ts'

/** What a listing is called in its tokens, so that a token of one opens no other. */
export interface Listing {
  readonly name: string
  readonly size: number
  readonly largest: number
  /** Whether a bare id is taken in place of a token, as older clients keep them. */
  readonly bareIds?: boolean
  readonly refuse: (what: string) => ApiError
}

/** A page that begins after an id; the empty text is before all of them. */
export interface KeysetPage {
  size: number
  after: string
}

/** Reads `page_size` (or `per_page`) and `page_token`. Sizes under 1 count as absent, those over the largest as that. */
export function keysetPage(ctx: Context, search: URLSearchParams, listing: Listing): KeysetPage {
  const asked = search.get('page_size') ?? search.get('per_page') ?? ''
  if (!/^-?\d{0,15}$/.test(asked)) throw listing.refuse('The page size must be a whole number.')
  const size = Number(asked) > 0 ? Math.min(Number(asked), listing.largest) : listing.size
  const token = search.get('page_token') ?? ''
  if (token === '') return { size, after: '' }
  const after = listing.bareIds && isUuid(token) ? token.toLowerCase() : readToken(ctx, listing, token)
  if (after === undefined) throw listing.refuse('The page token was not made by this server.')
  return { size, after }
}

/** The Link header: the first page, and the next one where the last id of this one is given. */
export function keysetLinks(
  ctx: Context,
  listing: Listing,
  at: { path: string; search: URLSearchParams; size: number; next?: string },
): string {
  const query = new URLSearchParams(at.search)
  if (!query.has('page_size')) query.delete('per_page')
  query.set('page_size', String(at.size))
  const link = (after: string, relation: string) => {
    query.set('page_token', writeToken(ctx, listing, after))
    query.sort()
    return `<${at.path}?${query}>; rel="${relation}"`
  }
  const first = link('', 'first')
  return at.next === undefined ? first : `${first},${link(at.next, 'next')}`
}

/** A token holds an id and proof that it was made here, for this project and this listing. */
function writeToken(ctx: Context, listing: Listing, after: string): string {
  return `${after.replaceAll('-', '')}.${proof(ctx, listing, after)}`
}

function readToken(ctx: Context, listing: Listing, token: string): string | undefined {
  const match = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.|^\./.exec(token)
  if (!match) return undefined
  const after = match[1] ? match.slice(1).join('-') : ''
  return sameText(token, writeToken(ctx, listing, after)) ? after : undefined
}

function proof(ctx: Context, listing: Listing, after: string): string {
  return ctx.keys.mac('page token', `${ctx.project.id}/${listing.name}/${after}`)
}
