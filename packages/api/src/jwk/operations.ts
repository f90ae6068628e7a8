import Type from 'typebox'
import { operation } from '../contract.ts'
import { CreateJsonWebKeySet, JsonWebKey, JsonWebKeySet } from './models.ts'

const SetPath = Type.Object({ set: Type.String() })
const KeyPath = Type.Object({ set: Type.String(), kid: Type.String() })

const admin = { tag: 'jwk', plane: 'admin', errorStyle: 'oauth2', listeners: ['hydra-admin'] } as const

export const discoverJsonWebKeys = operation({
  id: 'discoverJsonWebKeys',
  tag: 'wellknown',
  plane: 'public',
  errorStyle: 'oauth2',
  listeners: ['hydra-public'],
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Get the public keys that verify tokens (RFC 7517)',
  returns: { 200: JsonWebKeySet },
  errors: [],
})

export const createJsonWebKeySet = operation({
  ...admin,
  id: 'createJsonWebKeySet',
  method: 'POST',
  path: '/admin/keys/{set}',
  summary: 'Generate a key and add it to a set',
  params: SetPath,
  body: CreateJsonWebKeySet,
  returns: { 201: JsonWebKeySet },
  errors: [400, 409],
})

export const getJsonWebKeySet = operation({
  ...admin,
  id: 'getJsonWebKeySet',
  method: 'GET',
  path: '/admin/keys/{set}',
  summary: 'Get the keys of a set, with their private parts',
  params: SetPath,
  returns: { 200: JsonWebKeySet },
  errors: [404],
})

export const setJsonWebKeySet = operation({
  ...admin,
  id: 'setJsonWebKeySet',
  method: 'PUT',
  path: '/admin/keys/{set}',
  summary: 'Replace the keys of a set',
  params: SetPath,
  body: JsonWebKeySet,
  returns: { 200: JsonWebKeySet },
  errors: [400],
})

export const deleteJsonWebKeySet = operation({
  ...admin,
  id: 'deleteJsonWebKeySet',
  method: 'DELETE',
  path: '/admin/keys/{set}',
  summary: 'Delete a set of keys',
  params: SetPath,
  returns: { 204: null },
  errors: [],
})

export const getJsonWebKey = operation({
  ...admin,
  id: 'getJsonWebKey',
  method: 'GET',
  path: '/admin/keys/{set}/{kid}',
  summary: 'Get one key of a set, with its private part',
  params: KeyPath,
  returns: { 200: JsonWebKeySet },
  errors: [404],
})

export const setJsonWebKey = operation({
  ...admin,
  id: 'setJsonWebKey',
  method: 'PUT',
  path: '/admin/keys/{set}/{kid}',
  summary: 'Create or replace one key of a set',
  params: KeyPath,
  body: JsonWebKey,
  returns: { 200: JsonWebKey },
  errors: [400],
})

export const deleteJsonWebKey = operation({
  ...admin,
  id: 'deleteJsonWebKey',
  method: 'DELETE',
  path: '/admin/keys/{set}/{kid}',
  summary: 'Delete one key of a set',
  params: KeyPath,
  returns: { 204: null },
  errors: [],
})
