import type { Identity as IdentityModel } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { asJsonText, type JsonText } from '../../kernel/json-text.ts'
import type { Config } from '../credentials/definition.ts'
import { definitionOf } from '../credentials/index.ts'
import type { Credential, Identity, IdentityDocument } from '../record.ts'
import { openConfig } from '../row.ts'
import { headOf, publicView, schemaIdIn, schemaUrl } from '../view.ts'
import type { Changed } from './change.ts'

type Credentials = Identity['credentials']

/**
 * A stored identity as JSON for the admin API. Stored JSON is embedded unparsed. With `include`, credentials are
 * added, including the config of the given types.
 */
export function storedText(
  ctx: Context,
  row: { document: string; metadata_admin: string | null; credentials?: string },
  include: readonly string[] = [],
): JsonText<IdentityModel> {
  const { document, metadata_admin: metadata, credentials } = row
  // Decryption needs the identity's ID, and is performed only if the config is requested.
  const open: OpenConfig = (credential) => openConfig(ctx, (JSON.parse(document) as IdentityDocument).id, credential)
  const shown = credentials
    ? `,"credentials":${JSON.stringify(credentialsView(JSON.parse(credentials), include, open))}`
    : ''
  return asJsonText(
    `${headOf(ctx, schemaIdIn(document))}"metadata_admin":${metadata ?? 'null'},${document.slice(1, -1)}${shown}}`,
  )
}

/**
 * The response to an update, without credential configs and unset metadata. As in Kratos, `schema_url` is that of the
 * previous schema if the schema was changed, and new credentials have the version before their upgrade.
 */
export function changedView(ctx: Context, { before, after }: Changed): IdentityModel {
  const shown = Object.entries(credentialsView(after.credentials, [])).map(([type, credential]) => {
    const isNew = !Object.hasOwn(before.credentials, type)
    return [type, isNew ? { ...credential, version: versionWhenCreated(credential) } : credential] as const
  })
  return {
    ...publicView(ctx, after),
    schema_url: schemaUrl(ctx, before.document.schema_id),
    credentials: Object.fromEntries(shown),
    ...adminMetadata(after),
  }
}

/** The response to a creation. As in Kratos, credentials are not upgraded yet, and empty identifier lists are null. */
export function createdView(ctx: Context, identity: Identity): IdentityModel {
  const shown = Object.entries(credentialsView(identity.credentials, [])).map(([type, credential]) => {
    // Kratos returns null here, although its specification does not allow it.
    const identifiers = credential.identifiers.length > 0 ? credential.identifiers : (null as unknown as string[])
    return [type, { ...credential, version: versionWhenCreated(credential), identifiers }] as const
  })
  return { ...publicView(ctx, identity), credentials: Object.fromEntries(shown), ...adminMetadata(identity) }
}

function versionWhenCreated({ type, version }: Pick<Credential, 'type' | 'version'>): number {
  return definitionOf(type)?.versionWhenCreated ?? version
}

function adminMetadata({ metadataAdmin }: Identity) {
  return metadataAdmin === undefined ? {} : { metadata_admin: metadataAdmin }
}

type OpenConfig = (credential: Credential) => Config

/** Credentials by type, with the config of the requested types. */
export function credentialsView(
  credentials: Credentials,
  include: readonly string[],
  open: OpenConfig = ({ config }) => config,
) {
  const shown: Record<string, Omit<Credential, 'config'> & { config?: Config }> = {}
  // Sorted by name, as in Kratos.
  for (const type of Object.keys(credentials).sort() as (keyof Credentials)[]) {
    const credential = credentials[type] as Credential
    const { config: _, ...outside } = credential
    const config = include.includes(credential.type) ? configView(credential.type, open(credential)) : undefined
    shown[credential.type] = config === undefined ? outside : { ...outside, config }
  }
  return shown
}

function configView(type: string, config: Config): Config | undefined {
  const view = definitionOf(type)?.adminConfig
  return view ? view(config) : config
}
