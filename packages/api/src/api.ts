import * as courier from './courier/operations.ts'
import * as identity from './identity/operations.ts'
import * as metadata from './metadata/operations.ts'
import * as permission from './permission/operations.ts'
import * as selfservice from './selfservice/operations/index.ts'
import * as session from './session/operations.ts'

/** The operations of each room by id. */
export const rooms = { identity, session, selfservice, courier, permission, metadata }

/** Every operation by its id. */
export const api = { ...identity, ...session, ...selfservice, ...courier, ...permission, ...metadata }

export type Api = typeof api
export type OperationId = keyof Api
