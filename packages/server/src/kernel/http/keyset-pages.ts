import type { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'
import { sameText } from '../keys.ts'
import { isUuid } from '../uuid.ts'

/** The name of the list in its tokens, so that a token is valid for one list only. */
export interface Listing {
  readonly name: string
  readonly size: number
  readonly largest: number
  /** Whether an ID is accepted as a token, as older clients send. */
  readonly bareIds?: boolean
  readonly refuse: (what: string) => ApiError
}

/** A page that starts after an ID; the empty string sorts before all IDs. */
export interface KeysetPage {
  size: number
  after: string
}

/** Parses `page_size` (or `per_page`) and `page_token`. Sizes below 1 count as absent; larger sizes are reduced to the maximum. */
export function keysetPage(ctx: Context, search: URLSearchParams, listing: Listing): KeysetPage {
  const asked = search.get('page_size') ?? search.get('per_page') ?? ''
  if (!/^-?\d{0,15}$/.test(asked)) throw listing.refuse('The page size must be an integer.')
  const size = Number(asked) > 0 ? Math.min(Number(asked), listing.largest) : listing.size
  const token = search.get('page_token') ?? ''
  if (token === '') return { size, after: '' }
  const after = listing.bareIds && isUuid(token) ? token.toLowerCase() : verifyToken(ctx, listing, token)
  if (after === undefined) throw listing.refuse('The page token is invalid.')
  return { size, after }
}

/** The Link header (RFC 8288): the first page, and the next page if the last ID of this page is given. */
export function keysetLinks(
  ctx: Context,
  listing: Listing,
  at: { path: string; search: URLSearchParams; size: number; next?: string },
): string {
  const query = new URLSearchParams(at.search)
  if (!query.has('page_size')) query.delete('per_page')
  query.set('page_size', String(at.size))
  const link = (after: string, relation: string) => {
    query.set('page_token', issueToken(ctx, listing, after))
    query.sort()
    return `<${at.path}?${query}>; rel="${relation}"`
  }
  const first = link('', 'first')
  return at.next === undefined ? first : `${first},${link(at.next, 'next')}`
}

/**
 * A token contains an ID and a MAC that binds it to the installation, the project and the list. A UUID is written
 * without dashes, any other ID in base64url after a tilde.
 */
function issueToken(ctx: Context, listing: Listing, after: string): string {
  const text =
    after === '' || (isUuid(after) && after === after.toLowerCase())
      ? after.replaceAll('-', '')
      : `~${Buffer.from(after).toString('base64url')}`
  return `${text}.${proofs(ctx, listing, after)[0]}`
}

function verifyToken(ctx: Context, listing: Listing, token: string): string | undefined {
  const after = idIn(token)
  if (after === undefined) return undefined
  const given = token.slice(token.indexOf('.') + 1)
  return proofs(ctx, listing, after).some((proof) => sameText(given, proof)) ? after : undefined
}

function idIn(token: string): string | undefined {
  const [, encoded] = /^~([\w-]+)\./.exec(token) ?? []
  if (encoded !== undefined) return Buffer.from(encoded, 'base64url').toString('utf8')
  const match = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.|^\./.exec(token)
  if (!match) return undefined
  return match[1] ? match.slice(1).join('-') : ''
}

function proofs(ctx: Context, listing: Listing, after: string): string[] {
  return ctx.keys.macs('page token', `${ctx.project.id}/${listing.name}/${after}`)
}
