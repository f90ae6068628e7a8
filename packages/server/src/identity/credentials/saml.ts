import {
  combineConnections,
  connectionImporter,
  connectionRemoval,
  connectionsIn,
  connectionsView,
  countConnections,
} from './connections.ts'
import type { CredentialDefinition } from './definition.ts'

/** Sign-in through an organization's SAML identity provider. Subjects are compared unchanged. */
export const saml = {
  type: 'saml',
  identifiersFrom: 'config',
  version: 0,
  normalize: (identifier) => identifier,
  identifiersIn: connectionsIn,
  countFirstFactors: countConnections,
  adminConfig: (config) => connectionsView(config),
  importer: connectionImporter('saml'),
  combine: combineConnections,
  removal: connectionRemoval,
} as const satisfies CredentialDefinition
