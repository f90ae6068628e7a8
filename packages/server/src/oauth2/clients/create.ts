import { ApiError } from '@latchkey/api'
import { isUniqueViolation } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { checkClient } from './check.ts'
import type { Client, ClientMetadata } from './client.ts'
import type { GivenClient } from './parse.ts'
import { generateSecret, hashSecret } from './secrets.ts'
import { insertClient } from './store.ts'

export interface CreatedClient {
  readonly client: Client
  /** Shown once; undefined for public clients, which have none. */
  readonly secret: string | undefined
  readonly registrationToken: string
}

export async function createClient(
  ctx: Context,
  given: GivenClient,
  check: (ctx: Context, given: GivenClient) => Promise<ClientMetadata> = checkClient,
): Promise<CreatedClient> {
  const metadata = await check(ctx, given)
  const isPublic = metadata.token_endpoint_auth_method === 'none'
  const { secret, hash } = given.secret
    ? { secret: given.secret, hash: await hashSecret(ctx, given.secret) }
    : generateSecret(ctx)
  const registrationToken = newRegistrationToken(ctx)
  const now = roundedNow(ctx)
  const client: Client = {
    id: given.id || ctx.random.uuid(),
    metadata,
    secretHash: hash,
    rotatedSecretHashes: [],
    registrationTokenHash: tokenHash(registrationToken),
    // Tokens of an earlier client with the same id stay revoked.
    tokenGeneration: ctx.clock.now(),
    createdAt: now,
    updatedAt: now,
  }
  await insertClient(ctx, client).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error
    throw ApiError.conflict({ message: 'A client with this client_id exists already.' })
  })
  return { client, secret: isPublic ? undefined : secret, registrationToken }
}

export function newRegistrationToken(ctx: Context): string {
  return `ory_at_${ctx.random.bytes(32).toString('base64url')}.${ctx.random.bytes(32).toString('base64url')}`
}

/** Hydra stores times of clients in seconds. */
export function roundedNow(ctx: Context): number {
  return Math.round(ctx.clock.now() / 1000) * 1000
}
