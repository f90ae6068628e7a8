import { ApiError, type Input, listIdentities } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, jsonText, type Reply } from '../../kernel/http/index.ts'
import { keysetLinks, keysetPage, type Listing } from '../../kernel/http/keyset-pages.ts'
import { numberedLinks, numberedPage } from '../../kernel/http/numbered-pages.ts'
import { parseId } from '../id.ts'
import { countRows, hasAfter, type IdentityFilter, type ListedIdentity, listRows, writePage } from '../list-store.ts'
import { normalizeIdentifier } from '../normalize.ts'
import type { IdentityDocument } from '../record.ts'
import { headOf } from '../view.ts'
import { includedTypes } from './include.ts'
import { storedText } from './view.ts'

type Query = Input<typeof listIdentities>['query']

const listing: Listing = {
  name: 'identities',
  size: 250,
  largest: 500,
  bareIds: true,
  refuse: (reason) => ApiError.badRequest({ reason }),
}

/** How far the pages by number reach, in identities; beyond it they would be slow, and page tokens are there. */
const furthestNumbered = 1000
const mostIds = 500

/** Identities page by page: by token, or by number as older clients do. */
export async function listForAdmin(ctx: Context, query: Query, { search }: Call): Promise<Reply> {
  const filter = filterOf(query)
  const include = includedTypes(query.include_credential)
  const credentials = include.length > 0 || filter.identifier !== undefined || filter.identifierPrefix !== undefined
  const byToken = search.has('page_token') || search.has('page_size') || !search.has('page')
  const written = byToken && !credentials && Object.keys(filter).length === 0 && (await writtenList(ctx, search))
  if (written) return written
  const page = byToken ? byKeyset : byNumber
  const { rows, headers } = await page(ctx, { ...filter, credentials }, search)
  return jsonText(200, listText(ctx, rows, include), { headers })
}

/** The whole listing, which the database writes; undefined where it does not know a schema's address. */
async function writtenList(ctx: Context, search: URLSearchParams): Promise<Reply | undefined> {
  const { size, after } = keysetPage(ctx, search, listing)
  const heads = ctx.config.identitySchemas.map(({ id: schemaId }) => ({ schemaId, head: headOf(ctx, schemaId) }))
  const { text, count, written, last } = await writePage(ctx, heads, { size, after })
  if (written < count) return undefined
  const next = last !== null && count === size && (await hasAfter(ctx, last)) ? last : undefined
  return jsonText(200, inBrackets(text ?? ''), { headers: { link: links(ctx, search, size, next) } })
}

function inBrackets(text: string | Uint8Array): string | Buffer {
  return typeof text === 'string' ? `[${text}]` : Buffer.concat([openingBracket, text, closingBracket])
}

const openingBracket = Buffer.from('[')
const closingBracket = Buffer.from(']')

type Filter = IdentityFilter & { credentials: boolean }

function filterOf(query: Query): IdentityFilter {
  const identifier = query.credentials_identifier ?? query.identifier
  const { ids, organization_id: organization, preview_credentials_identifier_similar: similar } = query
  if ([ids, identifier, organization, similar].filter((one) => one !== undefined).length > 1) {
    throw ApiError.badRequest({ reason: 'The filters of this listing exclude each other.' })
  }
  if (ids && ids.length > mostIds)
    throw ApiError.badRequest({ reason: `At most ${mostIds} ids can be asked for at once.` })
  return {
    ...(ids && { ids: ids.map((id) => idOf(id, 'ids')) }),
    ...(organization !== undefined && { organizationId: idOf(organization, 'organization_id') }),
    ...(identifier !== undefined && { identifier: spellings(identifier) }),
    ...(similar !== undefined && { identifierPrefix: spellings(similar) }),
  }
}

function idOf(text: string, name: string): string {
  const id = parseId(text)
  if (!id) throw ApiError.badRequest({ reason: `The parameter ${name} must be a UUID.` })
  return id
}

/** Subjects of social sign-in are stored as they are, what people type is normalised. */
function spellings(identifier: string): string[] {
  return [...new Set([identifier.replaceAll('\0', ''), normalizeIdentifier(identifier)])]
}

interface Page {
  rows: ListedIdentity[]
  headers: Record<string, string>
}

async function byKeyset(ctx: Context, filter: Filter, search: URLSearchParams): Promise<Page> {
  const { size, after } = keysetPage(ctx, search, listing)
  // One more than asked for tells whether there is a next page.
  const rows = await listRows(ctx, filter, { size: size + 1, after })
  if (rows.length <= size) return { rows, headers: { link: links(ctx, search, size) } }
  rows.pop()
  const { id: next } = JSON.parse(rows.at(-1)?.document ?? '') as IdentityDocument
  return { rows, headers: { link: links(ctx, search, size, next) } }
}

function links(ctx: Context, search: URLSearchParams, size: number, next?: string): string {
  return keysetLinks(ctx, listing, { path: listIdentities.path, search, size, ...(next !== undefined && { next }) })
}

async function byNumber(ctx: Context, filter: Filter, search: URLSearchParams): Promise<Page> {
  const page = numberedPage(search, listing)
  const offset = page.number * page.size
  if (offset > furthestNumbered) {
    throw ApiError.badRequest({
      reason: `Pages by number end at the ${furthestNumbered}th identity. Please use page_token.`,
    })
  }
  const rows = await listRows(ctx, filter, { size: page.size, offset })
  // With an identifier Kratos counts what it shows.
  const total = filter.identifier ? rows.length : await countRows(ctx, filter)
  const link = withoutTokens(numberedLinks(listIdentities.path, search, page, total))
  return { rows, headers: { link, 'x-total-count': String(total) } }
}

/** In this listing a page token would be one of the other kind of paging. */
function withoutTokens(links: string): string {
  return links.replaceAll(/\bpage_size=\d+&page_token=[\w-]*&/g, '')
}

function listText(ctx: Context, rows: readonly ListedIdentity[], include: readonly string[]): string {
  let text = '['
  for (const row of rows) text += (text === '[' ? '' : ',') + storedText(ctx, row, include)
  return `${text}]`
}
