import * as courier from './courier/operations.ts'
import * as identity from './identity/operations.ts'
import * as jwk from './jwk/operations.ts'
import * as metadata from './metadata/operations.ts'
import * as oauth2 from './oauth2/operations/index.ts'
import * as permission from './permission/operations.ts'
import * as selfservice from './selfservice/operations/index.ts'
import * as session from './session/operations.ts'

/** The operations of each room by id. */
export const rooms = { identity, session, selfservice, courier, permission, jwk, oauth2, metadata }

/** Every operation by its id. */
export const api = {
  ...identity,
  ...session,
  ...selfservice,
  ...courier,
  ...permission,
  ...jwk,
  ...oauth2,
  ...metadata,
}

export type Api = typeof api
export type OperationId = keyof Api
