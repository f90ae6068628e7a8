import Type, { type Static } from 'typebox'
import { JsonWebKey } from '../jwk/models.ts'
import { DateTime } from '../schema.ts'

export type TrustOAuth2JwtGrantIssuer = Static<typeof TrustOAuth2JwtGrantIssuer>
export const TrustOAuth2JwtGrantIssuer = Type.Object(
  {
    issuer: Type.String(),
    scope: Type.Array(Type.String()),
    jwk: JsonWebKey,
    expires_at: DateTime,
    allow_any_subject: Type.Optional(Type.Boolean()),
    subject: Type.Optional(Type.String()),
  },
  { title: 'trustOAuth2JwtGrantIssuer' },
)

export type TrustedOAuth2JwtGrantIssuer = Static<typeof TrustedOAuth2JwtGrantIssuer>
export const TrustedOAuth2JwtGrantIssuer = Type.Object(
  {
    allow_any_subject: Type.Optional(Type.Boolean()),
    created_at: Type.Optional(DateTime),
    expires_at: Type.Optional(DateTime),
    id: Type.Optional(Type.String()),
    issuer: Type.Optional(Type.String()),
    public_key: Type.Optional(
      Type.Object(
        { kid: Type.Optional(Type.String()), set: Type.Optional(Type.String()) },
        { title: 'trustedOAuth2JwtGrantJsonWebKey' },
      ),
    ),
    scope: Type.Optional(Type.Array(Type.String())),
    subject: Type.Optional(Type.String()),
  },
  { title: 'trustedOAuth2JwtGrantIssuer' },
)

export type TrustedOAuth2JwtGrantIssuers = Static<typeof TrustedOAuth2JwtGrantIssuers>
export const TrustedOAuth2JwtGrantIssuers = Type.Array(TrustedOAuth2JwtGrantIssuer, {
  title: 'trustedOAuth2JwtGrantIssuers',
})
