import type { Context } from '../../kernel/context.ts'
import type { Credential, Identity } from '../record.ts'
import { headOf, publicView, schemaIdIn } from '../view.ts'

type Credentials = Identity['credentials']

/**
 * A stored identity as administrators see it, as JSON. Stored JSON goes in as it is.
 * With `include` its credentials are there too, and the inside of those types that it names.
 */
export function storedText(
  ctx: Context,
  row: { document: string; metadata_admin: string | null; credentials?: string },
  include: readonly string[] = [],
): string {
  const { document, metadata_admin: metadata, credentials } = row
  const shown = credentials ? `,"credentials":${JSON.stringify(credentialsView(JSON.parse(credentials), include))}` : ''
  return `${headOf(ctx, schemaIdIn(document))}"metadata_admin":${metadata ?? 'null'},${document.slice(1, -1)}${shown}}`
}

/** An identity as the answer to its change: without the inside of its credentials, and without metadata that it has not. */
export function changedView(ctx: Context, identity: Identity) {
  return {
    ...publicView(ctx, identity),
    credentials: credentialsView(identity.credentials, []),
    ...adminMetadata(identity),
  }
}

/** An identity as the answer to its creation: there Kratos shows no upgrade and no empty lists yet. */
export function createdView(ctx: Context, identity: Identity) {
  const shown = Object.entries(credentialsView(identity.credentials, [])).map(([type, credential]) => {
    const version = type === 'webauthn' ? 0 : credential.version
    return [
      type,
      { ...credential, version, identifiers: credential.identifiers.length > 0 ? credential.identifiers : null },
    ]
  })
  return { ...publicView(ctx, identity), credentials: Object.fromEntries(shown), ...adminMetadata(identity) }
}

function adminMetadata({ metadataAdmin }: Identity) {
  return metadataAdmin === undefined ? {} : { metadata_admin: metadataAdmin }
}

/** Credentials by type, with the inside of those that are asked for. */
export function credentialsView(credentials: Credentials, include: readonly string[]) {
  const shown: Record<string, Omit<Credential, 'config'> & { config?: unknown }> = {}
  // In the order of their names, as Kratos lists them.
  for (const type of Object.keys(credentials).sort() as (keyof Credentials)[]) {
    const { config, ...credential } = credentials[type] as Credential
    const inside = include.includes(credential.type) ? configView(credential.type, config) : undefined
    shown[credential.type] = inside === undefined ? credential : { ...credential, config: inside }
  }
  return shown
}

function configView(type: string, config: Credential['config']): unknown {
  if (type !== 'oidc' && type !== 'saml') return config
  const providers = Array.isArray(config.providers) ? config.providers : []
  if (providers.length === 0) return undefined
  // The first tokens are kept sealed by the social sign-in that got them; imported connections have none.
  const tokens = type === 'oidc' ? { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' } : {}
  return { providers: providers.map((provider) => ({ ...tokens, ...provider })) }
}
