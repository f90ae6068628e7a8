import { ApiError, type UiNode } from '@latchkey/api'
import type { Identity } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Signed } from '../../session/index.ts'
import { captchaNodes } from '../captcha/index.ts'
import type { Flow, FlowName } from '../flow/flow.ts'
import type { Method } from '../method.ts'
import { b2b } from './b2b/index.ts'
import { captcha } from './captcha/index.ts'
import { code } from './code/index.ts'
import { identifierFirst } from './identifier_first/index.ts'
import { link } from './link/index.ts'
import { lookupSecret } from './lookup_secret/index.ts'
import { oidc } from './oidc/index.ts'
import { passkey } from './passkey/index.ts'
import { password } from './password/index.ts'
import { profile } from './profile/index.ts'
import { saml } from './saml/index.ts'
import { totp } from './totp/index.ts'
import { webauthn } from './webauthn/index.ts'

/** Every method there is, in the order in which forms show them. */
export const methods: readonly Method[] = [
  ...[profile, identifierFirst, code, link, password],
  ...[totp, lookupSecret],
  ...[passkey, webauthn],
  ...[oidc, captcha],
  // Those that are not here yet are known by their configuration.
  ...[saml, b2b],
]

export interface AvailableStep<Name extends FlowName> {
  method: Method
  step: NonNullable<Method[Name]>
}

/** The methods that a flow may use, with their part in it. */
export function availableSteps<Name extends FlowName>(
  ctx: Context,
  flow: Flow & { name: Name },
): AvailableStep<Name>[] {
  return methods.flatMap((method) => {
    const step = method[flow.name as Name]
    if (!step || !isAvailable(ctx, method, flow)) return []
    return [{ method, step: step as NonNullable<Method[Name]> }]
  })
}

function isAvailable(ctx: Context, method: Method, flow: Flow): boolean {
  if (flow.testedProvider !== undefined && method !== oidc) return false
  const step = method[flow.name]
  if (!(step?.enabled?.(ctx, flow) ?? isSwitchedOn(ctx, method))) return false
  if (step?.isForBrowsers && flow.type !== 'browser') return false
  return flow.name !== 'login' || !method.aal || method.aal(ctx).includes(flow.aal ?? 'aal1')
}

/** Whether the configuration switches a method on (`selfservice.methods.NAME.enabled`). */
export function isSwitchedOn(ctx: Context, { name }: Pick<Method, 'name'>): boolean {
  const configured: Readonly<Record<string, unknown>> = { ...ctx.config.identity.selfservice.methods }
  return (configured[name] as { enabled?: boolean } | undefined)?.enabled === true
}

/** Whether a submission that names a method is refused with 404, since the configuration switches it off. */
export function isRefused(ctx: Context, method: Method, flow: Flow): boolean {
  if (!method.config || isSwitchedOn(ctx, method)) return false
  const isOfLevel = flow.name !== 'login' || (method.aal?.(ctx).includes(flow.aal ?? 'aal1') ?? true)
  return isOfLevel && (method.isRefusedIn?.(flow) ?? method[flow.name] !== undefined)
}

/** The first page that a method wants to show after a sign-in. */
export function pageAfterSignIn(
  ctx: Context,
  signedIn: { identity: Identity; method: string; to: string },
): string | undefined {
  for (const method of methods) {
    const page = isSwitchedOn(ctx, method) ? method.pageAfterSignIn?.(ctx, signedIn) : undefined
    if (page) return page
  }
  return undefined
}

/** Throws 404 unless the configuration switches the method on. */
export function requireSwitchedOn(ctx: Context, method: Pick<Method, 'name'>): void {
  if (!isSwitchedOn(ctx, method)) throw ApiError.notFound({ reason: `The method ${method.name} is switched off.` })
}

/**
 * What the methods that a flow may use add to its form, in their order: all that they need, or only what they suggest
 * where `includes` does not accept them. If given, only what is of use for `owner`.
 */
export async function methodNodes(
  ctx: Context,
  flow: Flow,
  {
    signed,
    includes = () => true,
    owner,
  }: { signed?: Signed; includes?: (method: Method) => boolean; owner?: Identity } = {},
): Promise<UiNode[]> {
  const nodes = availableSteps(ctx, flow).map(async ({ method, step }) => {
    if (!includes(method)) return step.suggestionNodes?.(ctx, flow) ?? []
    const own = await step.nodes(ctx, flow, signed)
    return owner ? own.filter((node) => method.login?.fits?.(node, owner) ?? true) : own
  })
  const ofMethods = (await Promise.all(nodes)).flat()
  return withScriptsOnce(isSwitchedOn(ctx, captcha) ? [...ofMethods, ...captchaNodes(ctx, flow)] : ofMethods)
}

/** Several methods can need the same script. */
function withScriptsOnce(nodes: UiNode[]): UiNode[] {
  const seen = new Set<string>()
  return nodes.filter(({ attributes }) => {
    if (attributes.node_type !== 'script') return true
    const isNew = !seen.has(attributes.id)
    seen.add(attributes.id)
    return isNew
  })
}
