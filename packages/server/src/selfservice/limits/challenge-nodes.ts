import type { UiNode } from '@latchkey/api'
import { publicText } from '../flow/urls.ts'
import type { SubmissionContext } from '../method.ts'
import { input, nodeName } from '../ui/nodes.ts'
import { scriptNode } from '../ui/script.ts'
import { type ChallengeFor, makeChallenge, responseField } from './challenge.ts'
import { challengeScriptIntegrity, challengeScriptPath } from './challenge-script.ts'

const prefixes = ['captcha_proof_of_work_', `transient_payload.${responseField}`]
const scriptId = 'captcha_proof_of_work_script'

/**
 * Puts a new challenge into the form of a flow, in the place of an earlier one, or only removes that one. The names
 * follow those of the captcha in Ory's forms: the challenge is the JSON in a hidden field, its solution is expected in
 * the transient payload.
 */
export function showChallenge(submission: Pick<SubmissionContext, 'ctx' | 'flow'>, wanted?: ChallengeFor): void {
  const { ctx, flow } = submission
  flow.ui.nodes = flow.ui.nodes.filter((node) => !prefixes.some((prefix) => nodeName(node).startsWith(prefix)))
  if (!wanted) return
  flow.ui.nodes.push(
    input('captcha_proof_of_work_options', 'captcha', 'hidden', {
      value: JSON.stringify(makeChallenge(submission, wanted)),
    }),
    input(`transient_payload.${responseField}`, 'captcha', 'hidden', { value: '' }),
    ...(flow.type === 'browser' ? [solver(ctx)] : []),
  )
}

function solver(ctx: SubmissionContext['ctx']): UiNode {
  const src = publicText(ctx, challengeScriptPath)
  return scriptNode(scriptId, 'captcha', { src, integrity: challengeScriptIntegrity, nonce: ctx.random.uuid() })
}
