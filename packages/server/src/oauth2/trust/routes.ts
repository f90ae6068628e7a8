import { ApiError, type rooms, type TrustedOAuth2JwtGrantIssuer } from '@latchkey/api'
import { empty, hydraBody, json, type RoomHandlers } from '../../kernel/http/index.ts'
import { keysetLinks, keysetPage } from '../../kernel/http/keyset-pages.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { createTrust, decodingError } from './create.ts'
import { revokeTrust } from './delete.ts'
import { findTrust, listTrust } from './store.ts'
import type { OAuth2TrustedIssuerRow } from './tables.ts'

type TrustOperation =
  | 'trustOAuth2JwtGrantIssuer'
  | 'listTrustedOAuth2JwtGrantIssuers'
  | 'getTrustedOAuth2JwtGrantIssuer'
  | 'deleteTrustedOAuth2JwtGrantIssuer'

const path = '/trust/grants/jwt-bearer/issuers'
const listing = {
  name: 'trusted issuers',
  size: 100,
  largest: 500,
  refuse: (reason: string) => ApiError.badRequest({ reason }),
}

/** The handlers of the operations on trusted issuers. */
export const trustHandlers: RoomHandlers<Pick<typeof rooms.oauth2, TrustOperation>> = {
  trustOAuth2JwtGrantIssuer: {
    body: { ...hydraBody, refuse: decodingError },
    handle: async (ctx, { body }) => {
      const row = await createTrust(ctx, body ?? {})
      return json(201, trustView(row), { headers: { location: `${path}/${row.id}` } })
    },
  },
  listTrustedOAuth2JwtGrantIssuers: async (ctx, _input, { search }) => {
    const page = keysetPage(ctx, search, listing)
    const found = await listTrust(ctx, { issuer: search.get('issuer') ?? '' }, page)
    const shown = found.slice(0, page.size)
    const next = found.length > page.size ? shown.at(-1)?.id : undefined
    const at = { path: `/admin${path}`, search, size: page.size, ...(next !== undefined && { next }) }
    return json(200, shown.map(trustView), { headers: { link: keysetLinks(ctx, listing, at) } })
  },
  getTrustedOAuth2JwtGrantIssuer: async (ctx, { params }) => {
    const row = await findTrust(ctx, parseId(params.id))
    if (!row) throw ApiError.notFound()
    return json(200, trustView(row))
  },
  deleteTrustedOAuth2JwtGrantIssuer: async (ctx, { params }) => {
    await revokeTrust(ctx, parseId(params.id))
    return empty()
  },
}

function parseId(id: string): string {
  if (!isUuid(id)) throw ApiError.badRequest({ reason: 'The id must be a UUID.' })
  return id.toLowerCase()
}

function trustView(row: OAuth2TrustedIssuerRow): TrustedOAuth2JwtGrantIssuer {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: row.subject,
    allow_any_subject: row.any_subject === 1,
    scope: JSON.parse(row.scope),
    public_key: { set: row.issuer, kid: row.key_id },
    created_at: timeText(row.created_at),
    expires_at: timeText(row.expires_at),
  }
}

/** Whole seconds, as Go writes them. */
function timeText(ms: number): string {
  return new Date(Number(ms)).toISOString().replace('.000Z', 'Z')
}
