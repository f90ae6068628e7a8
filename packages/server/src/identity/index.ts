export { hashers, type IdentitySchema, identity, security } from './config.ts'
export { IdentityConflict } from './conflict.ts'
export { type Draft, newIdentity } from './create.ts'
export { countFirstFactors } from './first-factors.ts'
export { parseId } from './id.ts'
export { normalizeIdentifier } from './normalize.ts'
export { forOldClients, isOldClient } from './old-clients.ts'
export {
  dummyVerify,
  HashingBusyError,
  hashPassword,
  isKnownHash,
  limitHashing,
  maxPasswordBytes,
  needsRehash,
  verifyPassword,
} from './passwords/index.ts'
export type {
  Credential,
  CredentialType,
  Identity,
  IdentityDocument,
  RecoveryAddress,
  VerifiableAddress,
} from './record.ts'
export { fromRow } from './record.ts'
export { type IdentityNews, identityRoutes } from './routes.ts'
export { changeIdentity, saveNew } from './save.ts'
export {
  checkIdentitySchema,
  type FieldMessage,
  isEmail,
  type TraitField,
  type Violation,
  violationMessages,
} from './schemas/index.ts'
export { compiledSchema } from './schemas/registry.ts'
export { secondFactors } from './second-factors.ts'
export {
  deleteIdentityRow,
  findByAddress,
  findByExternalId,
  findByIdentifier,
  findIdentity,
  holdIdentities,
  lockIdentity,
} from './store.ts'
export type { IdentityRow } from './tables.ts'
export { deriveFromTraits } from './traits.ts'
export { publicText, publicView, schemaUrl } from './view.ts'
