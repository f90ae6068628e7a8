import { ApiError, type Input, listIdentities } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { keysetLinks, keysetPage, type Listing } from '../../kernel/http/keyset-pages.ts'
import { numberedLinks, numberedPage } from '../../kernel/http/numbered-pages.ts'
import { credentialDefinitions, storedIdentifier, storedPrefix } from '../credentials/index.ts'
import { parseId } from '../id.ts'
import type { IdentityFilter, StoredForm } from '../list-store.ts'
import type { CredentialType } from '../record.ts'
import { includedTypes } from './include.ts'
import type { IdentityListing } from './list.ts'

type Query = Input<typeof listIdentities>['query']

const listing: Listing = {
  name: 'identities',
  size: 250,
  largest: 500,
  bareIds: true,
  refuse: (reason) => ApiError.badRequest({ reason }),
}
const maxIds = 500

export function parseListing(query: Query): IdentityListing {
  return { filter: parseFilter(query), include: includedTypes(query.include_credential) }
}

function parseFilter(query: Query): IdentityFilter {
  const identifier = query.credentials_identifier ?? query.identifier
  const { ids, organization_id: organization, preview_credentials_identifier_similar: similar } = query
  if ([ids, identifier, organization, similar].filter((one) => one !== undefined).length > 1) {
    throw ApiError.badRequest({ reason: 'The filters of this listing exclude each other.' })
  }
  if (ids && ids.length > maxIds)
    throw ApiError.badRequest({ reason: `At most ${maxIds} ids can be asked for at once.` })
  return {
    ...(ids && { ids: ids.map((id) => requireId(id, 'ids')) }),
    ...(organization !== undefined && { organizationId: requireId(organization, 'organization_id') }),
    ...(identifier !== undefined && { identifier: storedForms(identifier, storedIdentifier) }),
    ...(similar !== undefined && { identifierPrefix: storedForms(similar, storedPrefix) }),
  }
}

function requireId(text: string, name: string): string {
  const id = parseId(text)
  if (!id) throw ApiError.badRequest({ reason: `The parameter ${name} must be a UUID.` })
  return id
}

/** Subjects of social sign-in are stored unchanged; identifiers typed by users are normalized. */
function storedForms(identifier: string, form: typeof storedIdentifier): StoredForm[] {
  const text = identifier.replaceAll('\0', '')
  const typesByText = new Map<string, CredentialType[]>()
  for (const { type, identifiersFrom } of credentialDefinitions) {
    // Identifiers that are the identity's own ID are not searched.
    if (identifiersFrom === 'identity') continue
    const stored = form(type, text)
    typesByText.set(stored, [...(typesByText.get(stored) ?? []), type])
  }
  return [...typesByText].map(([stored, types]) => ({ types, text: stored }))
}

/** Whether the request selects a page by number, as older clients do. */
export function isNumbered(search: URLSearchParams): boolean {
  return search.has('page') && !search.has('page_token') && !search.has('page_size')
}

export function parseNumberedPage(search: URLSearchParams) {
  return numberedPage(search, listing)
}

export function parseKeysetPage(ctx: Context, search: URLSearchParams) {
  return keysetPage(ctx, search, listing)
}

export function keysetLink(ctx: Context, search: URLSearchParams, page: { size: number; next?: string }): string {
  return keysetLinks(ctx, listing, { path: listIdentities.path, search, ...page })
}

/** Page tokens are removed, because in this listing they select keyset pagination. */
export function numberedLink(search: URLSearchParams, page: { number: number; size: number }, total: number): string {
  return numberedLinks(listIdentities.path, search, page, total).replaceAll(/\bpage_size=\d+&page_token=[\w-]*&/g, '')
}
