import Type, { type Static } from 'typebox'
import { closed, duration, flag } from '../../../kernel/config/kinds.ts'

export const config = closed({
  enabled: flag(false),
  config: Type.Object({ base_url: Type.Optional(Type.String()), lifespan: duration('1h') }),
})

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    link: Static<typeof config>
  }
}
