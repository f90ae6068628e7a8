import { type UiNode, UpdateRegistrationFlowWithWebAuthnMethod, uiText } from '@latchkey/api'
import { compiledSchema } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import { keyButton, scriptNodes } from '../../ceremonies/nodes.ts'
import { type CeremonyOptions, creationOptions } from '../../ceremonies/options.ts'
import { keepCreation, requireCreation } from '../../ceremonies/state.ts'
import { verifyNewKey } from '../../ceremonies/verify.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { decodeTraits } from '../../flow/traits.ts'
import type { Registered, RegistrationStep, SubmissionContext } from '../../method.ts'
import { setCsrf } from '../../ui/container.ts'
import { input } from '../../ui/nodes.ts'
import { isPasswordless, relyingParty } from './relying-party.ts'

/** Signing up with a security key as the first factor. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithWebAuthnMethod> = {
  isForBrowsers: true,
  enabled: (ctx) => ctx.config.identity.selfservice.methods.webauthn.enabled && isPasswordless(ctx),
  body: UpdateRegistrationFlowWithWebAuthnMethod,
  nodes(ctx, flow) {
    const rp = relyingParty(ctx)
    const handle = ctx.random.bytes(16)
    const options = creationOptions(ctx, rp, { user: { handle, name: rp.name }, existing: [] })
    keepCreation(ctx, flow, { type: 'webauthn', options, handle })
    return keyNodes(ctx, flow, options, uiText(1040004))
  },
  decode(submission, { webauthn_register: answer, webauthn_register_displayname: name }) {
    submission.submittedValues.set('webauthn_register_displayname', name)
    const traits = decodeTraits(submission)
    return () => register(submission, traits, { answer, name })
  },
  // As in Kratos, also where another method is named that does not handle the submission.
  checkUnhandled({ request, flow, body }) {
    // An empty field of a form is absent.
    const isForm = request.contentType !== 'application/json'
    const isAbsent = (name: string) => body[name] === undefined || (isForm && body[name] === '')
    if (!isAbsent('webauthn_register')) return
    const missing = ['identifier', 'method'].filter(isAbsent)
    if (missing.length === 0) return
    setCsrf(flow.ui, request.csrf.knownFormToken())
    const fields = ['webauthn_register', ...missing]
    throw new FlowError({ fields: fields.map((field) => ({ field, message: uiText(4000002, { property: field }) })) })
  },
}

/** The nodes that add a key, at sign-up and in the settings. */
export function keyNodes(
  ctx: Context,
  flow: Flow,
  options: CeremonyOptions,
  label: ReturnType<typeof uiText>,
): UiNode[] {
  const name = 'webauthn_register_trigger'
  return [
    input('webauthn_register_displayname', 'webauthn', 'text', { value: '', label: uiText(1050013) }),
    keyButton(flow, { name, group: 'webauthn', trigger: 'oryWebAuthnRegistration', label }, options),
    ...scriptNodes(ctx, flow),
    input('webauthn_register', 'webauthn', 'hidden', { value: '' }),
  ]
}

async function register(
  { ctx, flow }: SubmissionContext,
  traits: Record<string, unknown>,
  { answer, name }: { answer: string; name: string },
): Promise<Registered> {
  const { challenge, handle } = requireCreation(ctx, flow, 'webauthn')
  const key = await verifyNewKey(ctx, relyingParty(ctx), { challenge, text: answer, isPasswordless: true })
  const { identifiers } = compiledSchema(ctx, schemaOf(ctx, flow)).extract(traits)
  // Without an identifier, nobody could sign in with the key.
  if (!identifiers.some(({ type }) => type === 'webauthn')) throw new FlowError({ messages: [uiText(4000009)] })
  const now = timestamp(ctx.clock.now())
  const webauthn = {
    type: 'webauthn' as const,
    identifiers: [],
    config: { credentials: [namedKey(key, name)], user_handle: handle.toString('base64') },
    version: 1,
    created_at: now,
    updated_at: now,
  }
  return { traits, credentials: { webauthn }, proof: { method: 'webauthn', aal: 'aal1' } }
}

const longestName = 255

/** The key with the name that its owner gave; otherwise it keeps the name of its authenticator. */
export function namedKey<Key extends { display_name: string }>(key: Key, name: string): Key {
  if (name.length > longestName) {
    const message = uiText(4000017, { max_length: longestName, actual_length: name.length })
    throw new FlowError({ fields: [{ field: 'webauthn_register_displayname', message }] })
  }
  return name ? { ...key, display_name: name } : key
}
