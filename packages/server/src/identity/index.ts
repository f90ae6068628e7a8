export { hashers, type IdentitySchema, identity, security } from './config.ts'
export { IdentityConflict } from './conflict.ts'
export { type Draft, newIdentity } from './create.ts'
export { type Connection, connect, connectionId, disconnect } from './credentials/connections.ts'
export type { Methods } from './credentials/definition.ts'
export {
  addedAuthenticators,
  countFirstFactors,
  emptyCredential,
  isEnabledSecondFactor,
  secondFactors,
} from './credentials/index.ts'
export {
  checkKeys,
  handleIn,
  type KeyFlags,
  keyAlgorithms,
  keysIn,
  mostKeys,
  type PublicKey,
  withHandle,
} from './credentials/public_keys.ts'
export { parseId } from './id.ts'
export { countStored, importIdentities, isCredentialType, type RefusedIdentity } from './import.ts'
export { removeExpiredMerges, resealMerges } from './merge/store.ts'
export {
  dummyVerify,
  hashPassword,
  isCheaperThanConfigured,
  limitHashing,
  maxPasswordBytes,
  needsRehash,
  normalizePassword,
  type Turn,
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
export { resealCredentials } from './reseal-store.ts'
export { identityRoutes } from './routes.ts'
export { fromRow } from './row.ts'
export { changeIdentity, findConflict, saveNew } from './save.ts'
export {
  checkIdentitySchema,
  type FieldMessage,
  type TraitField,
  type TraitNames,
  type Violation,
  violationMessages,
} from './schemas/index.ts'
export { compiledSchema } from './schemas/registry.ts'
export {
  findByAddress,
  findByIdentifier,
  findIdentity,
  holdIdentities,
} from './store.ts'
export type { IdentityRow } from './tables.ts'
export { deriveFromTraits } from './traits.ts'
export { findByUserHandle } from './user-handle.ts'
export { identityIdIn, publicText, publicView } from './view.ts'
