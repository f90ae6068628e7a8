import Type, { type Static } from 'typebox'
import { closedObject, duration, flag, uri } from '../../../kernel/config/schema-builders.ts'
import { refusedKey } from '../../../kernel/config/support.ts'

export const config = closedObject({
  enabled: flag(false),
  config: Type.Object({
    base_url: refusedKey(Type.Optional(Type.String()), 'links in messages lead to serve.public.base_url'),
    lifespan: duration('1h'),
    /**
     * The page that opened links lead to, with the parameters `for`, `flow` and `token`; it submits them by POST. Without
     * it, a link is redeemed when it is opened, as in Kratos, also by programs that scan messages.
     */
    confirm_url: Type.Optional(uri()),
  }),
})

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    link: Static<typeof config>
  }
}
