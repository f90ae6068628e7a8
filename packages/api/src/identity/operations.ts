import Type from 'typebox'
import { operation } from '../contract.ts'
import { IdPath, Paging } from '../parameters.ts'
import { JsonPatchDocument, OneOf } from '../schema.ts'
import { BatchPatchIdentitiesResponse, CreateIdentityBody, PatchIdentitiesBody, UpdateIdentityBody } from './bodies.ts'
import { CredentialType } from './credentials.ts'
import { Identity } from './models.ts'
import { IdentitySchema, IdentitySchemas } from './schemas.ts'

const IncludeCredential = { include_credential: Type.Optional(Type.Array(CredentialType)) }

export const listIdentities = operation({
  id: 'listIdentities',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/identities',
  summary: 'List identities',
  query: Type.Object({
    ...Paging,
    consistency: Type.Optional(OneOf(['', 'strong', 'eventual'])),
    ids: Type.Optional(Type.Array(Type.String())),
    credentials_identifier: Type.Optional(Type.String()),
    preview_credentials_identifier_similar: Type.Optional(Type.String()),
    include_credential: Type.Optional(Type.Array(Type.String())),
    organization_id: Type.Optional(Type.String()),
    /** The name that clients of v1.1 have for credentials_identifier. */
    identifier: Type.Optional(Type.String()),
  }),
  returns: { 200: Type.Array(Identity) },
  errors: [400],
})

export const createIdentity = operation({
  id: 'createIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'POST',
  path: '/admin/identities',
  summary: 'Create an identity, optionally with imported credentials',
  body: CreateIdentityBody,
  returns: { 201: Identity },
  errors: [400, 409],
})

export const batchPatchIdentities = operation({
  id: 'batchPatchIdentities',
  tag: 'identity',
  plane: 'admin',
  method: 'PATCH',
  path: '/admin/identities',
  summary: 'Create multiple identities',
  body: PatchIdentitiesBody,
  returns: { 200: BatchPatchIdentitiesResponse },
  errors: [400, 409],
})

export const getIdentity = operation({
  id: 'getIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/identities/{id}',
  summary: 'Get an identity',
  params: IdPath,
  query: Type.Object(IncludeCredential),
  returns: { 200: Identity },
  errors: [404],
})

export const getIdentityByExternalID = operation({
  id: 'getIdentityByExternalID',
  tag: 'identity',
  plane: 'admin',
  method: 'GET',
  path: '/admin/identities/by/external/{externalID}',
  summary: 'Get an identity by its external ID',
  params: Type.Object({ externalID: Type.String() }),
  query: Type.Object(IncludeCredential),
  returns: { 200: Identity },
  errors: [404],
})

export const updateIdentity = operation({
  id: 'updateIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'PUT',
  path: '/admin/identities/{id}',
  summary: 'Replace an identity',
  params: IdPath,
  body: UpdateIdentityBody,
  returns: { 200: Identity },
  errors: [400, 404, 409],
})

export const patchIdentity = operation({
  id: 'patchIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'PATCH',
  path: '/admin/identities/{id}',
  summary: 'Patch an identity (JSON Patch, RFC 6902)',
  params: IdPath,
  body: JsonPatchDocument,
  returns: { 200: Identity },
  errors: [400, 404, 409],
})

export const deleteIdentity = operation({
  id: 'deleteIdentity',
  tag: 'identity',
  plane: 'admin',
  method: 'DELETE',
  path: '/admin/identities/{id}',
  summary: 'Delete an identity permanently',
  params: IdPath,
  returns: { 204: null },
  errors: [404],
})

export const deleteIdentityCredentials = operation({
  id: 'deleteIdentityCredentials',
  tag: 'identity',
  plane: 'admin',
  method: 'DELETE',
  path: '/admin/identities/{id}/credentials/{type}',
  summary: 'Delete a credential of an identity',
  params: Type.Object({ id: Type.String(), type: CredentialType }),
  query: Type.Object({ identifier: Type.Optional(Type.String()) }),
  returns: { 204: null },
  errors: [400, 404],
})

export { mergeIdentities, undoIdentityMerge } from './merge.ts'

export const listIdentitySchemas = operation({
  id: 'listIdentitySchemas',
  tag: 'identity',
  plane: 'public',
  method: 'GET',
  path: '/schemas',
  summary: 'List identity schemas',
  query: Type.Object(Paging),
  returns: { 200: IdentitySchemas },
  errors: [],
})

export const getIdentitySchema = operation({
  id: 'getIdentitySchema',
  tag: 'identity',
  plane: 'public',
  method: 'GET',
  path: '/schemas/{id}',
  summary: 'Get an identity schema',
  params: IdPath,
  returns: { 200: IdentitySchema },
  errors: [404],
})
