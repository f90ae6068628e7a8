import Type, { type Static } from 'typebox'
import { closed, duration, flag } from '../../../kernel/config/schema-builders.ts'
import { refusedKey } from '../../../kernel/config/support.ts'

export const config = closed({
  enabled: flag(false),
  config: Type.Object({
    base_url: refusedKey(Type.Optional(Type.String()), 'links in messages lead to serve.public.base_url'),
    lifespan: duration('1h'),
  }),
})

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    link: Static<typeof config>
  }
}
