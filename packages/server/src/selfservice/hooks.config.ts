import Type, { type Static, type TSchema } from 'typebox'
import { requestAuth } from '../kernel/config/request.ts'
import {
  anyObject,
  choice,
  closedObject,
  entries,
  flag,
  headerMap,
  sourcePattern,
  taggedUnion,
  token,
  uri,
} from '../kernel/config/schema-builders.ts'
import { ignoredKey, refusedKey } from '../kernel/config/support.ts'

const hookNamed = <const N extends string>(name: N) => closedObject({ hook: Type.Literal(name) })

const session = hookNamed('session')
const revokeSessions = hookNamed('revoke_active_sessions')
const requireVerifiedAddress = hookNamed('require_verified_address')
const verification = hookNamed('verification')
const showVerificationUi = hookNamed('show_verification_ui')
const singleSignOn = refusedKey(
  Type.Object({
    hook: Type.Unsafe<'b2b_sso' | 'organization'>({ enum: ['b2b_sso', 'organization'] }),
    config: Type.Optional(anyObject()),
  }),
  'the hook is not there',
)
const verifyNewAddress = hookNamed('verify_new_address')
const notifyAuthenticatorAdded = hookNamed('notify_authenticator_added')
const notifyPreviousAddresses = closedObject({
  hook: Type.Literal('notify_previous_addresses'),
  config: Type.Optional(closedObject({ recipients: choice(['removed', 'all_verified', 'all'], 'removed') })),
})

const webHookConfig = closedObject(
  {
    id: Type.Optional(Type.String()),
    response: closedObject(
      { ignore: flag(false), parse: flag(false) },
      {
        not: { properties: { ignore: { const: true }, parse: { const: true } } },
        expected: 'ignore or parse, not both',
      },
    ),
    url: uri(),
    method: token('an HTTP method'),
    headers: headerMap(),
    body: Type.Optional(
      Type.String({ anyOf: [{ format: 'uri', pattern: sourcePattern }, { not: { pattern: sourcePattern } }] }),
    ),
    can_interrupt: flag(false),
    emit_analytics_event: ignoredKey(flag(true), 'nothing is reported to anybody'),
    auth: Type.Optional(requestAuth),
  },
  {
    not: {
      properties: {
        response: { properties: { ignore: { const: true } } },
        can_interrupt: { const: true },
      },
    },
    expected: 'can_interrupt or response.ignore, not both',
  },
)

const webHook = closedObject({ hook: Type.Literal('web_hook'), config: webHookConfig })

export type WebHookConfig = Static<typeof webHookConfig>

function list<const B extends readonly TSchema[]>(...allowed: B) {
  return entries(taggedUnion('hook', allowed), { uniqueItems: true })
}

/** Which hooks a place in the configuration takes. An empty list means the same as none. */
export const hooks = {
  any: list(webHook, singleSignOn),
  afterRecovery: list(webHook, revokeSessions),
  afterProfile: list(webHook, showVerificationUi, singleSignOn, verifyNewAddress, notifyPreviousAddresses),
  afterCredentialChange: list(webHook, revokeSessions),
  afterAuthenticatorChange: list(webHook, revokeSessions, notifyAuthenticatorAdded),
  afterLogin: list(revokeSessions, requireVerifiedAddress, webHook, verification, showVerificationUi, singleSignOn),
  afterSocialLogin: list(revokeSessions, webHook, requireVerifiedAddress, singleSignOn),
  afterRegistration: list(session, webHook, showVerificationUi, singleSignOn),
}

/** After which flows a method takes hooks, and which, where people sign in, sign up and change their settings with it. */
export const afterCredentialFlows = {
  login: hooks.afterLogin,
  registration: hooks.afterRegistration,
  settings: hooks.afterCredentialChange,
}

/** The same for methods whose settings add authenticators, which people can be told of. */
export const afterAuthenticatorFlows = { ...afterCredentialFlows, settings: hooks.afterAuthenticatorChange }

export type Hook =
  | Static<typeof session>
  | Static<typeof revokeSessions>
  | Static<typeof requireVerifiedAddress>
  | Static<typeof verification>
  | Static<typeof showVerificationUi>
  | Static<typeof singleSignOn>
  | Static<typeof verifyNewAddress>
  | Static<typeof notifyPreviousAddresses>
  | Static<typeof notifyAuthenticatorAdded>
  | Static<typeof webHook>
