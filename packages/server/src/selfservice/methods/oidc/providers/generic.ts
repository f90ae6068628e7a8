import { configuredMetadata, openid, requireIssuerUrl } from './openid.ts'

/** Any OpenID provider with discovery. */
export const generic = openid({ check: requireIssuerUrl, metadata: configuredMetadata })
