import { ApiError, type Identity } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { KeysetPage } from '../../kernel/http/keyset-pages.ts'
import type { NumberedPage } from '../../kernel/http/numbered-pages.ts'
import { asJsonText, type JsonText } from '../../kernel/json-text.ts'
import { countRows, hasAfter, type IdentityFilter, type ListedIdentity, listRows, writePage } from '../list-store.ts'
import type { IdentityDocument } from '../record.ts'
import { headOf } from '../view.ts'
import { storedText } from './view.ts'

/** Which identities to list, and the credential types whose config is included. */
export interface IdentityListing {
  filter: IdentityFilter
  include: readonly string[]
}

/** A page of the listing, with the cursor of the next page if there is one. */
export interface ListedPage {
  identities: JsonText<Identity[]>
  next?: string
}

/** The number of identities up to which pages by number are fast enough; beyond it, clients need page tokens. */
const maxNumbered = 1000

/** Lists identities by ID, starting after the ID in the page token. */
export async function listIdentities(
  ctx: Context,
  { filter, include }: IdentityListing,
  page: KeysetPage,
): Promise<ListedPage> {
  const credentials = showsCredentials({ filter, include })
  const written = !credentials && Object.keys(filter).length === 0 && (await writtenList(ctx, page))
  if (written) return written
  const { size, after } = page
  // Fetches one extra row to detect whether there is a next page.
  const rows = await listRows(ctx, { ...filter, credentials }, { size: size + 1, after })
  if (rows.length <= size) return { identities: listText(ctx, rows, include) }
  rows.pop()
  const { id: next } = JSON.parse(rows.at(-1)?.document ?? '') as IdentityDocument
  return { identities: listText(ctx, rows, include), next }
}

/** Lists identities by page number, for older clients, with the total count. */
export async function listNumberedIdentities(
  ctx: Context,
  { filter, include }: IdentityListing,
  page: NumberedPage,
): Promise<{ identities: JsonText<Identity[]>; total: number }> {
  const offset = page.number * page.size
  if (offset > maxNumbered) {
    throw ApiError.badRequest({ reason: `Pages by number end after ${maxNumbered} identities. Please use page_token.` })
  }
  const credentials = showsCredentials({ filter, include })
  const rows = await listRows(ctx, { ...filter, credentials }, { size: page.size, offset })
  // When filtering by identifier, Kratos counts only the identities on the page.
  const total = filter.identifier ? rows.length : await countRows(ctx, filter)
  return { identities: listText(ctx, rows, include), total }
}

/** Credentials are included if their config is requested or identities are filtered by identifier. */
function showsCredentials({ filter, include }: IdentityListing): boolean {
  return include.length > 0 || filter.identifier !== undefined || filter.identifierPrefix !== undefined
}

/** The page as JSON assembled by the database; undefined if an identity on it has a schema that is not configured. */
async function writtenList(ctx: Context, { size, after }: KeysetPage): Promise<ListedPage | undefined> {
  const heads = ctx.config.identitySchemas.map(({ id: schemaId }) => ({ schemaId, head: headOf(ctx, schemaId) }))
  const { text, count, written, last } = await writePage(ctx, heads, { size, after })
  if (written < count) return undefined
  const next = last !== null && count === size && (await hasAfter(ctx, last)) ? last : undefined
  return { identities: inBrackets(text ?? ''), next }
}

function inBrackets(text: string | Uint8Array): JsonText<Identity[]> {
  return asJsonText(typeof text === 'string' ? `[${text}]` : Buffer.concat([openingBracket, text, closingBracket]))
}

const openingBracket = Buffer.from('[')
const closingBracket = Buffer.from(']')

function listText(ctx: Context, rows: readonly ListedIdentity[], include: readonly string[]): JsonText<Identity[]> {
  let text = '['
  for (const row of rows) text += (text === '[' ? '' : ',') + storedText(ctx, row, include)
  return asJsonText(`${text}]`)
}
