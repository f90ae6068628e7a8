import Type, { type Static } from 'typebox'
import { closedObject, duration } from '../../../kernel/config/schema-builders.ts'
import { refusedKey } from '../../../kernel/config/support.ts'

const organizations = Type.Array(
  Type.Object({
    id: Type.Optional(Type.String({ format: 'uuid' })),
    label: Type.Optional(Type.String()),
    session_lifespan: Type.Optional(duration()),
    domains: Type.Optional(Type.Array(Type.String({ format: 'hostname' }))),
  }),
)

export const config = refusedKey(
  Type.Optional(closedObject({ config: Type.Optional(closedObject({ organizations: Type.Optional(organizations) })) })),
  'people of these domains would not be held to the sign-in of their organization',
)

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    b2b?: Static<typeof config>
  }
}
