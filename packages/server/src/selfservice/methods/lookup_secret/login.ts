import { UpdateLoginFlowWithLookupSecretMethod, uiText } from '@latchkey/api'
import { changeIdentity, type Identity } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import { FlowError } from '../../flow/flow.ts'
import { limitAttempts } from '../../limits/index.ts'
import type { LoginStep, SignedInBy, SubmissionContext } from '../../method.ts'
import { input, methodButton } from '../../ui/nodes.ts'
import { codesOf, indexOfCode } from './codes.ts'

const field = 'lookup_secret'

/** Signing in with a backup code, after a first factor. */
export const login: LoginStep<typeof UpdateLoginFlowWithLookupSecretMethod> = {
  body: UpdateLoginFlowWithLookupSecretMethod,
  nodes(_ctx, _flow, signed) {
    if (!signed || codesOf(signed.identity).length === 0) return []
    return [
      input(field, 'lookup_secret', 'text', { required: true, value: '', label: uiText(1010007) }),
      methodButton('lookup_secret', 'lookup_secret', uiText(1010010)),
    ]
  },
  decode(submission, { lookup_secret: code }) {
    // A code is never shown again.
    submission.submittedValues.set(field, undefined)
    if (!code) throw new FlowError({ fields: [{ field, message: uiText(4000002, { property: field }) }] })
    return () => redeem(submission, code)
  },
}

type Redeemed = { identity: Identity } | { refused: 'wrong' | 'used' }

async function redeem(submission: SubmissionContext, code: string): Promise<SignedInBy> {
  const { ctx, signed } = submission
  if (!signed || codesOf(signed.identity).length === 0) throw new FlowError({ messages: [uiText(4000014)] })
  const { id } = signed.identity.document
  const redeemed = await limitAttempts<Redeemed>(
    submission,
    { proof: 'second factor', account: { identityId: id } },
    () => use(ctx, id, code),
    (result) => ('identity' in result ? 'succeeded' : 'failed'),
  )
  if ('refused' in redeemed) {
    throw new FlowError({ messages: [redeemed.refused === 'used' ? uiText(4000012) : uiText(4000016)] })
  }
  return { identity: redeemed.identity, proof: { method: 'lookup_secret', aal: 'aal2' } }
}

/** Marks a code as used; the identity is locked meanwhile, so that of simultaneous attempts exactly one succeeds. */
async function use(ctx: Context, id: string, code: string): Promise<Redeemed> {
  let refused: 'wrong' | 'used' | undefined
  const identity = await changeIdentity(ctx, id, (before) => {
    const codes = codesOf(before)
    const index = indexOfCode(codes, code)
    const credential = before.credentials.lookup_secret
    if (!credential || index === -1) refused = 'wrong'
    else if (codes[index]?.used_at) refused = 'used'
    if (!credential || refused) return before
    const now = timestamp(ctx.clock.now())
    const left = codes.map((one, i) => (i === index ? { ...one, used_at: now } : one))
    const stored = { ...credential, config: { ...credential.config, recovery_codes: left }, updated_at: now }
    return { ...before, credentials: { ...before.credentials, lookup_secret: stored } }
  })
  if (refused || !identity) return { refused: refused ?? 'wrong' }
  return { identity }
}
