import { createHash } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import { invalidRequest } from '../errors.ts'

/**
 * The subject as a client knows it (OpenID Connect Core 1.0, section 8): the person's own one, or one that differs
 * between sectors. The login page can choose the latter.
 */
export function subjectFor({ config }: Context, client: Client, subject: string, forced?: string): string {
  if (client.metadata.subject_type !== 'pairwise') return subject
  const { supported_types: types, pairwise } = config.oauth2.oidc.subject_identifiers
  if (!types.includes('pairwise')) throw invalidRequest('The server is not configured for pairwise subjects.')
  if (forced) return forced
  return createHash('sha256')
    .update(sectorOf(client) + subject + (pairwise?.salt ?? ''))
    .digest('hex')
}

function sectorOf({ metadata }: Client): string {
  if (metadata.sector_identifier_uri) return metadata.sector_identifier_uri
  const [only, ...others] = metadata.redirect_uris ?? []
  if (only === undefined || others.length > 0)
    throw invalidRequest('A client with pairwise subjects needs exactly one redirect URI, or a sector_identifier_uri.')
  return URL.canParse(only) ? new URL(only).host : ''
}
