import { configuredMetadata, openid, requireIssuerUrl, verifyConfigured } from './openid.ts'

/** Any OpenID provider with discovery. As in Kratos, apps cannot sign in with an ID token of it. */
export const generic = openid({
  check: requireIssuerUrl,
  metadata: configuredMetadata,
  verifyBrowserToken: verifyConfigured,
  issuerOf: ({ issuer_url: issuer }) => issuer,
})
