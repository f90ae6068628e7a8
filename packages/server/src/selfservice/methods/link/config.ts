import Type, { type Static } from 'typebox'
import { closedObject, duration, flag, uri } from '../../../kernel/config/schema-builders.ts'

export const config = closedObject({
  enabled: flag(false),
  config: Type.Object({
    /** The base of links in messages; by default `serve.public.base_url`. */
    base_url: Type.Optional(uri({ pattern: '^https?://', expected: 'an http(s) URL with a possible host and port' })),
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
