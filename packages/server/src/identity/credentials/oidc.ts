import {
  combineConnections,
  connectionImporter,
  connectionRemoval,
  connectionsIn,
  connectionsView,
  countConnections,
} from './connections.ts'
import type { CredentialDefinition } from './definition.ts'

/** Imported connections have no provider tokens; administrators see them as empty strings. */
const noTokens = { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' }

/** Social sign-in. Subjects are compared unchanged. */
export const oidc = {
  type: 'oidc',
  identifiersFrom: 'config',
  version: 0,
  // It has the tokens of the provider.
  sealed: true,
  normalize: (identifier) => identifier,
  identifiersIn: connectionsIn,
  countFirstFactors: countConnections,
  adminConfig: (config) => connectionsView(config, noTokens),
  importer: connectionImporter('oidc'),
  combine: combineConnections,
  removal: connectionRemoval,
} as const satisfies CredentialDefinition
