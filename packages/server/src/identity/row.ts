import type { Context } from '../kernel/context.ts'
import { openText, resealText, sealText } from '../kernel/seal.ts'
import { definitionOf, secondFactors } from './credentials/index.ts'
import type { Credential, Identity, IdentityDocument } from './record.ts'
import type { IdentityRow } from './tables.ts'

export function fromRow(ctx: Context, row: Pick<IdentityRow, 'document' | 'metadata_admin' | 'credentials'>): Identity {
  const document: IdentityDocument = JSON.parse(row.document)
  const credentials: Identity['credentials'] = JSON.parse(row.credentials)
  for (const credential of Object.values(credentials)) {
    if ('sealed' in credential.config) credential.config = openConfig(ctx, document.id, credential)
  }
  return {
    document,
    metadataAdmin: row.metadata_admin === null ? undefined : JSON.parse(row.metadata_admin),
    credentials,
  }
}

export function toRow(ctx: Context, identity: Identity): IdentityRow {
  const { document } = identity
  return {
    id: document.id,
    schema_id: document.schema_id,
    state: document.state,
    external_id: document.external_id ?? null,
    organization_id: document.organization_id,
    // `schema_id` and `id` come first, because `schemaIdIn` and `identityIdIn` expect them there.
    document: JSON.stringify(inOrder(document)),
    metadata_admin: identity.metadataAdmin === undefined ? null : JSON.stringify(identity.metadataAdmin),
    credentials: JSON.stringify(sealCredentials(ctx, identity)),
    second_factors: secondFactors(identity).join(' '),
    created_at: Date.parse(document.created_at),
    updated_at: Date.parse(document.updated_at),
  }
}

function inOrder({ schema_id, id, ...rest }: IdentityDocument): IdentityDocument {
  return { schema_id, id, ...rest }
}

const purpose = 'credentials'

/** The credentials with their secrets encrypted (decision 0013). */
function sealCredentials(ctx: Context, { document, credentials }: Identity): Identity['credentials'] {
  const entries = Object.entries(credentials)
  if (!entries.some(([type]) => definitionOf(type)?.sealed)) return credentials
  return Object.fromEntries(
    entries.map(([type, credential]) => {
      if (!definitionOf(type)?.sealed || 'sealed' in credential.config) return [type, credential]
      const text = sealText(
        ctx.random,
        ctx.keys.derive(purpose),
        placeOf(document.id, type),
        JSON.stringify(credential.config),
      )
      return [type, { ...credential, config: { sealed: text } }]
    }),
  )
}

/** The decrypted config of a stored credential. If it was encrypted with another key, it is returned encrypted. */
export function openConfig(ctx: Context, identityId: string, { type, config }: Credential): Credential['config'] {
  if (typeof config.sealed !== 'string') return config
  const text = openText(ctx.keys.deriveAll(purpose), placeOf(identityId, type), config.sealed)
  return text === undefined ? config : JSON.parse(text)
}

/** Credentials whose secrets are encrypted with the current key; undefined if none was encrypted with an older one. */
export function resealedCredentials(
  { keys, random }: Pick<Context, 'keys' | 'random'>,
  { id, credentials }: Pick<IdentityRow, 'id' | 'credentials'>,
): string | undefined {
  const stored: Identity['credentials'] = JSON.parse(credentials)
  let isChanged = false
  for (const { type, config } of Object.values(stored)) {
    if (typeof config.sealed !== 'string') continue
    const sealed = resealText(random, keys.deriveAll(purpose), placeOf(id, type), config.sealed)
    if (sealed === undefined) continue
    config.sealed = sealed
    isChanged = true
  }
  return isChanged ? JSON.stringify(stored) : undefined
}

/** The associated data that binds an encrypted config to its identity and type. */
function placeOf(identityId: string, type: string): string {
  return `${identityId}/${type}`
}
