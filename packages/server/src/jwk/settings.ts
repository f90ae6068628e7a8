import type { Context } from '../kernel/context.ts'

/** The sets whose keys sign what Hydra issues. */
export const idTokenKeys = 'hydra.openid.id-token'
export const accessTokenKeys = 'hydra.jwt.access-token'

/**
 * The sets whose public keys are published. Like Hydra, the sets of ID tokens and access tokens always are: single
 * clients can have access tokens in JWT format.
 */
export function publishedSets(ctx: Context): readonly string[] {
  return [...new Set([...ctx.config.oauth2.webfinger.jwks.broadcast_keys, accessTokenKeys, idTokenKeys])]
}

/** The URL that Hydra names in the Location header of a new key. */
export function setUrl(ctx: Context, set: string): string {
  return `${ctx.config.oauth2.urls.self.issuer.replace(/\/+$/, '')}/keys/${encodeURIComponent(set)}`
}
