import Type, { type TSchema } from 'typebox'
import { closed } from '../kernel/config/kinds.ts'
import type { MethodConfigs } from './method-configs.ts'
import * as b2b from './methods/b2b/config.ts'
import * as captcha from './methods/captcha/config.ts'
import * as code from './methods/code/config.ts'
import * as link from './methods/link/config.ts'
import * as lookupSecret from './methods/lookup_secret/config.ts'
import * as oidc from './methods/oidc/config.ts'
import * as passkey from './methods/passkey/config.ts'
import * as password from './methods/password/config.ts'
import * as profile from './methods/profile/config.ts'
import * as saml from './methods/saml/config.ts'
import * as totp from './methods/totp/config.ts'
import * as webauthn from './methods/webauthn/config.ts'

/** What the configuration says of one method. */
export interface MethodConfiguration {
  /** `selfservice.methods.NAME`. */
  readonly config: TSchema
  /** By flow the list of hooks in `selfservice.flows.FLOW.after.NAME`; none where the flow has no such key. */
  readonly after?: { readonly login?: TSchema; readonly registration?: TSchema; readonly settings?: TSchema }
}

const configurations: { readonly [name in keyof MethodConfigs]-?: MethodConfiguration } = {
  password,
  code,
  link,
  profile,
  totp,
  lookup_secret: lookupSecret,
  webauthn,
  passkey,
  oidc,
  saml,
  captcha,
  b2b,
}

/** Every method with its configuration. */
export const methodConfigurations = Object.entries<MethodConfiguration>(configurations)

/** `selfservice.methods`. */
export const methods = Type.Unsafe<MethodConfigs>(
  closed(Object.fromEntries(methodConfigurations.map(([name, { config }]) => [name, config]))),
)
