import Type from 'typebox'
import { operation } from '../../contract.ts'
import { IdPath, TokenPaging } from '../../parameters.ts'
import { TrustedOAuth2JwtGrantIssuer, TrustedOAuth2JwtGrantIssuers, TrustOAuth2JwtGrantIssuer } from '../trust.ts'
import { oauth2Admin } from './planes.ts'

export const trustOAuth2JwtGrantIssuer = operation({
  ...oauth2Admin,
  id: 'trustOAuth2JwtGrantIssuer',
  method: 'POST',
  path: '/admin/trust/grants/jwt-bearer/issuers',
  summary: 'Trust an issuer of assertions (RFC 7523)',
  body: TrustOAuth2JwtGrantIssuer,
  returns: { 201: TrustedOAuth2JwtGrantIssuer },
  errors: [400, 409],
})

export const listTrustedOAuth2JwtGrantIssuers = operation({
  ...oauth2Admin,
  id: 'listTrustedOAuth2JwtGrantIssuers',
  method: 'GET',
  path: '/admin/trust/grants/jwt-bearer/issuers',
  summary: 'List the trusted issuers of assertions',
  query: Type.Object({ ...TokenPaging, issuer: Type.Optional(Type.String()) }),
  returns: { 200: TrustedOAuth2JwtGrantIssuers },
  errors: [400],
})

export const getTrustedOAuth2JwtGrantIssuer = operation({
  ...oauth2Admin,
  id: 'getTrustedOAuth2JwtGrantIssuer',
  method: 'GET',
  path: '/admin/trust/grants/jwt-bearer/issuers/{id}',
  summary: 'Get a trusted issuer of assertions',
  params: IdPath,
  returns: { 200: TrustedOAuth2JwtGrantIssuer },
  errors: [400, 404],
})

export const deleteTrustedOAuth2JwtGrantIssuer = operation({
  ...oauth2Admin,
  id: 'deleteTrustedOAuth2JwtGrantIssuer',
  method: 'DELETE',
  path: '/admin/trust/grants/jwt-bearer/issuers/{id}',
  summary: 'Stop trusting an issuer of assertions',
  params: IdPath,
  returns: { 204: null },
  errors: [400, 404],
})
