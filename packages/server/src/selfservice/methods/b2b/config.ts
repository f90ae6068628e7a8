import Type, { type Static } from 'typebox'
import { closed } from '../../../kernel/config/kinds.ts'

const organizations = Type.Array(
  Type.Object({
    id: Type.Optional(Type.String({ format: 'uuid' })),
    label: Type.Optional(Type.String()),
    domains: Type.Optional(Type.Array(Type.String({ format: 'hostname' }))),
  }),
)

export const config = Type.Optional(
  closed({ config: Type.Optional(closed({ organizations: Type.Optional(organizations) })) }),
)

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    b2b?: Static<typeof config>
  }
}
