import Type, { type Static } from 'typebox'
import { closed, flag, loose } from '../../../kernel/config/kinds.ts'

export const config = Type.Optional(closed({ enabled: flag(false), config: Type.Optional(loose()) }))

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    captcha?: Static<typeof config>
  }
}
