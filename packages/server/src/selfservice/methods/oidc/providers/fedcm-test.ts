import { configuredMetadata, openid, requireIssuerUrl, verifyConfigured } from './openid.ts'

/**
 * For trying FedCM: a generic provider whose tokens browsers get. In Kratos they are signed with a secret that everybody
 * knows, and their expiry is not checked; here they are verified like those of every other provider.
 */
export const fedcmTest = openid({
  check: requireIssuerUrl,
  metadata: configuredMetadata,
  verifyIdToken: verifyConfigured,
  issuerOf: ({ issuer_url: issuer }) => issuer,
})
