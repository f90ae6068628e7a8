import type { OAuth2Client } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Client } from './client.ts'

/** A client as the API returns it, without its secret. */
export function clientView({ id, metadata, createdAt, updatedAt }: Client): OAuth2Client {
  return {
    ...metadata,
    client_id: id,
    client_secret_expires_at: 0,
    created_at: timestamp(createdAt),
    updated_at: timestamp(updatedAt),
    // Of lists that were not given Hydra returns null.
  } as OAuth2Client
}
