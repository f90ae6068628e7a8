import Type from 'typebox'
import { operation } from '../../contract.ts'
import { IdPath, TokenPaging } from '../../parameters.ts'
import { JsonPatchDocument } from '../../schema.ts'
import { OAuth2Client, OAuth2ClientTokenLifespans } from '../models.ts'
import { oauth2Admin, oidcPublic } from './planes.ts'

export const listOAuth2Clients = operation({
  ...oauth2Admin,
  id: 'listOAuth2Clients',
  method: 'GET',
  path: '/admin/clients',
  summary: 'List OAuth2 clients',
  query: Type.Object({
    ...TokenPaging,
    client_name: Type.Optional(Type.String()),
    owner: Type.Optional(Type.String()),
  }),
  returns: { 200: Type.Array(OAuth2Client) },
  errors: [400],
})

export const createOAuth2Client = operation({
  ...oauth2Admin,
  id: 'createOAuth2Client',
  method: 'POST',
  path: '/admin/clients',
  summary: 'Create an OAuth2 client',
  body: OAuth2Client,
  returns: { 201: OAuth2Client },
  errors: [400, 409],
})

export const getOAuth2Client = operation({
  ...oauth2Admin,
  id: 'getOAuth2Client',
  method: 'GET',
  path: '/admin/clients/{id}',
  summary: 'Get an OAuth2 client',
  params: IdPath,
  returns: { 200: OAuth2Client },
  errors: [404],
})

export const setOAuth2Client = operation({
  ...oauth2Admin,
  id: 'setOAuth2Client',
  method: 'PUT',
  path: '/admin/clients/{id}',
  summary: 'Replace an OAuth2 client; the secret stays unless a new one is given',
  params: IdPath,
  body: OAuth2Client,
  returns: { 200: OAuth2Client },
  errors: [400, 404],
})

export const patchOAuth2Client = operation({
  ...oauth2Admin,
  id: 'patchOAuth2Client',
  method: 'PATCH',
  path: '/admin/clients/{id}',
  summary: 'Change an OAuth2 client with JSON Patch (RFC 6902)',
  params: IdPath,
  body: JsonPatchDocument,
  returns: { 200: OAuth2Client },
  errors: [400, 404],
})

export const deleteOAuth2Client = operation({
  ...oauth2Admin,
  id: 'deleteOAuth2Client',
  method: 'DELETE',
  path: '/admin/clients/{id}',
  summary: 'Delete an OAuth2 client with its tokens and consents',
  params: IdPath,
  returns: { 204: null },
  errors: [404],
})

export const setOAuth2ClientLifespans = operation({
  ...oauth2Admin,
  id: 'setOAuth2ClientLifespans',
  method: 'PUT',
  path: '/admin/clients/{id}/lifespans',
  summary: 'Set the lifespans of the tokens of an OAuth2 client',
  params: IdPath,
  body: OAuth2ClientTokenLifespans,
  returns: { 200: OAuth2Client },
  errors: [400, 404],
})

export const rotateOAuth2ClientSecret = operation({
  ...oauth2Admin,
  id: 'rotateOAuth2ClientSecret',
  method: 'POST',
  path: '/admin/clients/{id}/secrets/rotate',
  summary: 'Generate a new client secret; up to five earlier ones stay valid',
  params: IdPath,
  returns: { 200: OAuth2Client },
  errors: [404],
})

export const deleteRotatedOAuth2ClientSecrets = operation({
  ...oauth2Admin,
  id: 'deleteRotatedOAuth2ClientSecrets',
  method: 'DELETE',
  path: '/admin/clients/{id}/secrets/rotate',
  summary: 'Invalidate the earlier secrets of an OAuth2 client',
  params: IdPath,
  returns: { 200: OAuth2Client },
  errors: [404],
})

export const createOidcDynamicClient = operation({
  ...oidcPublic,
  id: 'createOidcDynamicClient',
  method: 'POST',
  path: '/oauth2/register',
  summary: 'Register a client (OpenID Connect Dynamic Client Registration 1.0, RFC 7591)',
  body: OAuth2Client,
  returns: { 201: OAuth2Client },
  errors: [400, 404],
})

export const getOidcDynamicClient = operation({
  ...oidcPublic,
  id: 'getOidcDynamicClient',
  access: 'client',
  method: 'GET',
  path: '/oauth2/register/{id}',
  summary: 'Get a client with its registration access token (RFC 7592)',
  params: IdPath,
  returns: { 200: OAuth2Client },
  errors: [401, 404],
})

export const setOidcDynamicClient = operation({
  ...oidcPublic,
  id: 'setOidcDynamicClient',
  access: 'client',
  method: 'PUT',
  path: '/oauth2/register/{id}',
  summary: 'Replace a client with its registration access token (RFC 7592)',
  params: IdPath,
  body: OAuth2Client,
  returns: { 200: OAuth2Client },
  errors: [400, 401, 404],
})

export const deleteOidcDynamicClient = operation({
  ...oidcPublic,
  id: 'deleteOidcDynamicClient',
  access: 'client',
  method: 'DELETE',
  path: '/oauth2/register/{id}',
  summary: 'Delete a client with its registration access token (RFC 7592)',
  params: IdPath,
  returns: { 204: null },
  errors: [401, 404],
})
