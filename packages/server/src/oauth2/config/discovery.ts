import Type, { type Static } from 'typebox'
import { closedObject, strings, uriReference } from '../../kernel/config/schema-builders.ts'
import { appendPath, type OAuth2Urls } from './urls.ts'

const endpoint = () => Type.Optional(uriReference())

/** What is published about the provider (OpenID Connect Discovery 1.0). */
export const webfinger = closedObject({
  jwks: closedObject({ broadcast_keys: strings(['hydra.openid.id-token']) }),
  oidc_discovery: closedObject({
    jwks_url: endpoint(),
    token_url: endpoint(),
    auth_url: endpoint(),
    device_authorization_url: endpoint(),
    client_registration_url: endpoint(),
    userinfo_url: endpoint(),
    supported_claims: strings(),
    supported_scope: strings(),
  }),
})

type Webfinger = Static<typeof webfinger>

/** With the endpoints of this server where no other ones are configured. */
export interface OAuth2Webfinger extends Webfinger {
  readonly oidc_discovery: Webfinger['oidc_discovery'] & {
    readonly jwks_url: string
    readonly token_url: string
    readonly auth_url: string
    readonly device_authorization_url: string
    readonly userinfo_url: string
  }
}

export function withFallbackEndpoints(configured: Webfinger, { self }: OAuth2Urls): OAuth2Webfinger {
  const own = configured.oidc_discovery
  return {
    ...configured,
    oidc_discovery: {
      ...own,
      jwks_url: own.jwks_url || appendPath(self.issuer, '.well-known/jwks.json'),
      token_url: own.token_url || appendPath(self.public, 'oauth2/token'),
      auth_url: own.auth_url || appendPath(self.public, 'oauth2/auth'),
      device_authorization_url: own.device_authorization_url || appendPath(self.public, 'oauth2/device/auth'),
      userinfo_url: own.userinfo_url || appendPath(self.public, 'userinfo'),
    },
  }
}
