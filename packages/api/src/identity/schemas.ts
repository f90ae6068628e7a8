import Type, { type Static } from 'typebox'
import { AnyObject } from '../schema.ts'

export type IdentitySchema = Static<typeof IdentitySchema>
export const IdentitySchema = AnyObject({ title: 'identitySchema' })

export type IdentitySchemaContainer = Static<typeof IdentitySchemaContainer>
export const IdentitySchemaContainer = Type.Object(
  { id: Type.String(), schema: AnyObject() },
  { title: 'identitySchemaContainer' },
)

export type IdentitySchemas = Static<typeof IdentitySchemas>
export const IdentitySchemas = Type.Array(IdentitySchemaContainer, { title: 'identitySchemas' })
