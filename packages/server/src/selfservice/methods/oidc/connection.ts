import { ApiError, uiText } from '@latchkey/api'
import {
  type Connection,
  type Credential,
  connect,
  connectionId,
  countFirstFactors,
  disconnect,
  emptyCredential,
  type Identity,
} from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import { FlowError } from '../../flow/flow.ts'
import type { ProviderConfig } from './config.ts'
import { connectionsOf } from './offered-providers.ts'
import type { Vouched } from './providers/provider.ts'

/** A person that a configured provider vouches for. */
export interface Proven {
  readonly config: ProviderConfig
  readonly vouched: Vouched
}

/** The connection that a provider vouches for, with the tokens of this sign-in, as Kratos stores it. */
export function connectionFrom({ config, vouched: { claims, tokens } }: Proven): Connection {
  return {
    subject: claims.sub,
    provider: config.id,
    initial_id_token: tokens?.idToken ?? '',
    initial_access_token: tokens?.accessToken ?? '',
    initial_refresh_token: tokens?.refreshToken ?? '',
  }
}

export function identifierOf({ config, vouched: { claims } }: Proven): string {
  return connectionId({ provider: config.id, subject: claims.sub })
}

/** The credential of a new identity with this connection. */
export function newCredential(ctx: Context, connection: Connection): Credential {
  return connect(emptyCredential(ctx, 'oidc', ''), [connection])
}

/** Adds a connection to an identity. */
export function withConnection(ctx: Context, identity: Identity, connection: Connection): Identity {
  const before = identity.credentials.oidc ?? emptyCredential(ctx, 'oidc', identity.document.id)
  const oidc = { ...connect(before, [connection]), updated_at: timestamp(ctx.clock.now()) }
  return { ...identity, credentials: { ...identity.credentials, oidc } }
}

/**
 * Removes the connection to a provider. Throws 404 if the identity has no connections at all, and FlowError if it is the
 * last way to sign in or does not exist.
 */
export function withoutConnection(ctx: Context, identity: Identity, provider: string): Identity {
  const { oidc } = identity.credentials
  if (!oidc) throw ApiError.notFound({ reason: 'The account is not connected to any sign-in provider.' })
  if (countFirstFactors(ctx, identity) < 2)
    throw impossible('This connection is the only way to sign in to the account.')
  if (!connectionsOf(identity).some((one) => one.provider === provider))
    throw impossible('The account is not connected to this sign-in provider.')
  const left = { ...disconnect(oidc, provider), updated_at: timestamp(ctx.clock.now()) }
  return { ...identity, credentials: { ...identity.credentials, oidc: left } }
}

export function impossible(reason: string): FlowError {
  return new FlowError({ messages: [uiText(4000001, { reason })] })
}
