import { type Identity, newIdentity } from '../../../identity/index.ts'
import { verifiedIdentity } from '../../flow/address-status.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import type { Registered, SubmissionContext } from '../../method.ts'

/** The identity that a registration would store. */
export function draftIdentity(
  { ctx, flow }: SubmissionContext<'registration'>,
  { traits, credentials, metadata = {}, verified = [] }: Registered,
): Identity {
  const identity = newIdentity(ctx, {
    schemaId: schemaOf(ctx, flow),
    traits,
    credentials,
    metadataPublic: metadata.public,
    metadataAdmin: metadata.admin,
  })
  return verified.reduce((one, { via, value }) => verifiedIdentity(ctx, one, via, value), identity)
}
