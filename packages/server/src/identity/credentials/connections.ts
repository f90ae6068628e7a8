import { ApiError } from '@latchkey/api'
import type { Credential } from '../record.ts'
import { type Combined, type Config, type Importer, listIn, type Removal } from './definition.ts'

/** A user's account at a provider, as Kratos stores it. */
export interface Connection {
  provider: string
  subject: string
  organization?: string
  use_auto_link?: boolean
  /** The tokens of the first sign-in with it. */
  initial_id_token?: string
  initial_access_token?: string
  initial_refresh_token?: string
}

interface GivenConnection {
  provider?: string
  subject?: string
  organization?: string | null
  use_auto_link?: boolean
}

/** The identifier of a connection, unique within a project, as in Kratos. */
export function connectionId({ provider, subject }: Pick<Connection, 'provider' | 'subject'>): string {
  return `${provider}:${subject}`
}

export function countConnections(credential: Credential | undefined): number {
  return listIn(credential?.config, 'providers').filter((one) => one.provider && one.subject).length
}

/** The identifiers of the connections in a patched config. */
export function connectionsIn(config: Config, refuse: (what: string) => Error): string[] {
  const { providers = [] } = config
  if (!Array.isArray(providers)) throw refuse('the providers are not a list')
  return providers.map((one: unknown) => {
    const { provider, subject } = (one ?? {}) as Record<string, unknown>
    if (typeof provider !== 'string' || typeof subject !== 'string' || `${provider}${subject}`.includes('\0')) {
      throw refuse('a connection needs a provider and a subject, both strings')
    }
    return connectionId({ provider, subject })
  })
}

/** Connections as shown to administrators; undefined if there are none. */
export function connectionsView(config: Config, more: Config = {}): Config | undefined {
  const providers = listIn(config, 'providers')
  return providers.length === 0 ? undefined : { providers: providers.map((provider) => ({ ...more, ...provider })) }
}

/** Imported connections are added to existing ones. */
export function connectionImporter(type: 'oidc' | 'saml'): Importer {
  return {
    check(_ctx, given) {
      for (const { provider, subject } of toConnections(given[type]?.config?.providers)) {
        if (`${provider}${subject}`.includes('\0'))
          throw ApiError.badRequest({ reason: 'A provider or subject contains the character NUL.' })
      }
    },
    prepare: (_ctx, given) => (credential) => connect(credential, toConnections(given[type]?.config?.providers)),
  }
}

function toConnections(given: readonly (GivenConnection | null)[] = []): Connection[] {
  return given.map((one) => ({
    // A null in the list is an empty connection, as in Go.
    subject: one?.subject ?? '',
    provider: one?.provider ?? '',
    ...(one?.organization && { organization: one.organization }),
    ...(one?.use_auto_link === true && { use_auto_link: true }),
  }))
}

/** Adds connections to a credential. Throws 409 if it has one of them already. */
export function connect(credential: Credential, added: readonly Connection[]): Credential {
  const providers = [...listIn(credential.config, 'providers').map(toConnection), ...added]
  const identifiers = providers.map(connectionId)
  if (new Set(identifiers).size < identifiers.length) {
    throw ApiError.conflict({ reason: 'The same connection occurs more than once.' })
  }
  return { ...credential, identifiers, config: { ...credential.config, providers } }
}

/** Adds the connections of an identity that is merged; a connection belongs to one identity only. */
export function combineConnections(into: Credential, from: Credential): Combined {
  return { credential: connect(into, listIn(from.config, 'providers').map(toConnection)) }
}

/** A credential without the connections to a provider. */
export function disconnect(credential: Credential, provider: string): Credential {
  const providers = listIn(credential.config, 'providers')
    .map(toConnection)
    .filter((one) => one.provider !== provider)
  return { ...credential, identifiers: providers.map(connectionId), config: { ...credential.config, providers } }
}

/** Deletes a single connection, never the whole credential. */
export const connectionRemoval: Removal = {
  keepsLastFirstFactor: true,
  remove(credential, { identifier }) {
    if (!identifier)
      throw ApiError.badRequest({ reason: 'The parameter identifier must name the connection to delete.' })
    const before = listIn(credential.config, 'providers').map(toConnection)
    const providers = before.filter((one) => connectionId(one) !== identifier)
    if (providers.length === before.length) throw ApiError.notFound({ reason: 'The identity has no such connection.' })
    return { ...credential, identifiers: providers.map(connectionId), config: { ...credential.config, providers } }
  },
}

function toConnection(stored: Record<string, unknown>): Connection {
  return { ...stored, provider: String(stored.provider), subject: String(stored.subject) }
}
