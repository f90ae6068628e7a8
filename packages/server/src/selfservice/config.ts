import Type, { type Static, type TSchema } from 'typebox'
import { choice, closedObject, duration, flag, uriReference } from '../kernel/config/schema-builders.ts'
import { isSupported, notSupportedWith } from '../kernel/config/support.ts'
import { type Hook, hooks } from './hooks.config.ts'
import type { MethodConfigs } from './method-configs.ts'
import { methods } from './methods/index.ts'

export type { Hook, WebHookConfig } from './hooks.config.ts'

const returnUrl = Type.Optional(uriReference())

/** A `*` can only stand for the first labels of the host name. */
const allowedReturnUrl = uriReference({
  format: 'uri-reference-pattern',
  pattern: '^(?:[A-Za-z][A-Za-z0-9+.-]*://\\*\\.)?[^*]*$',
  expected: 'an address, in which an asterisk can only stand for subdomains, such as https://*.example.org/',
})

const before = closedObject({ hooks: hooks.any })
/** What happens after a flow that was completed with a certain method. */
export interface AfterMethod {
  default_browser_return_url?: string
  hooks: Hook[]
}

type After = AfterMethod & { readonly [Method in keyof MethodConfigs]?: AfterMethod }

const after = (list: TSchema, flow?: 'login' | 'registration' | 'settings') => {
  const ofMethods = methods.flatMap(({ name, config, after }) => {
    const own = flow && after?.[flow]
    if (!own || !config) return []
    const keys = closedObject({ default_browser_return_url: returnUrl, hooks: own })
    return [[name, isSupported(config) ? keys : notSupportedWith(keys, `selfservice.methods.${name}.enabled`)]]
  })
  return Type.Unsafe<After>(
    closedObject({ default_browser_return_url: returnUrl, hooks: list, ...Object.fromEntries(ofMethods) }),
  )
}

const uiUrl = (page: string) => uriReference({ default: `/ui/${page}` })

const byAddress = <const P extends string>(page: P) => ({
  enabled: flag(false),
  ui_url: uiUrl(page),
  lifespan: duration('1h'),
  before,
  use: choice(['link', 'code'], 'code'),
  notify_unknown_recipients: flag(false),
})

const flows = closedObject({
  login: closedObject({
    ui_url: uiUrl('login'),
    lifespan: duration('1h'),
    style: choice(['unified', 'identifier_first'], 'unified'),
    before,
    after: after(hooks.afterLogin, 'login'),
  }),
  registration: closedObject({
    enabled: flag(true),
    login_hints: flag(false),
    ui_url: uiUrl('registration'),
    lifespan: duration('1h'),
    style: choice(['unified', 'profile_first'], 'profile_first'),
    enable_legacy_one_step: flag(false),
    before,
    after: after(hooks.any, 'registration'),
  }),
  settings: closedObject({
    ui_url: uiUrl('settings'),
    lifespan: duration('1h'),
    privileged_session_max_age: duration('1h'),
    required_aal: choice(['aal1', 'highest_available'], 'highest_available'),
    before,
    after: after(hooks.any, 'settings'),
  }),
  recovery: closedObject({ ...byAddress('recovery'), after: after(hooks.afterRecovery) }),
  verification: closedObject({ ...byAddress('verification'), after: after(hooks.any) }),
  logout: closedObject({
    after: closedObject({ default_browser_return_url: returnUrl }, { default: {} }),
    clear_browser_data: flag(false),
  }),
  error: closedObject({ ui_url: uiUrl('error') }),
})

/** Every method that has a configuration, by its name. */
const methodConfigs = Type.Unsafe<MethodConfigs>(
  closedObject(Object.fromEntries(methods.flatMap(({ name, config }) => (config ? [[name, config]] : [])))),
)

/** Flows and methods. Relative addresses count from the public base URL. */
export const selfservice = closedObject({
  default_browser_return_url: uriReference(),
  allowed_return_urls: Type.Array(allowedReturnUrl, { default: [] }),
  flows,
  methods: methodConfigs,
})

declare module '../kernel/project-config.ts' {
  interface IdentityConfig {
    readonly selfservice: Static<typeof selfservice>
  }
}
