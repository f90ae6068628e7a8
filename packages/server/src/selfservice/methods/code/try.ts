import type { Flow } from '../../flows/flow.ts'
import { limited } from '../../limits/index.ts'
import type { Turn } from '../../turn.ts'
import { codeAddress, type Purpose, type Redeemed, redeemCode } from './codes.ts'

/** Redeems a code, unless too many attempts failed for its address, also in other flows, or from the same network. */
export async function tryCode(turn: Turn, purpose: Purpose, given: string): Promise<Redeemed> {
  const { ctx, flow } = turn
  // Nobody was sent a code where the address is unknown, yet attempts count for it as for any other.
  const account = (await codeAddress(ctx, flow.id, purpose)) ?? typedAddress(flow) ?? flow.id
  return limited(turn, account, () => redeemCode(ctx, flow, purpose, given), outcomeOf)
}

function outcomeOf(redeemed: Redeemed) {
  if ('found' in redeemed) return 'succeeded'
  return redeemed.refused === 'too many' ? 'not tried' : 'failed'
}

/** What the form that the code is entered into keeps, to send another code there. */
function typedAddress(flow: Flow): string | undefined {
  for (const { attributes } of flow.ui.nodes) {
    if ('name' in attributes && attributes.name === 'email' && typeof attributes.value === 'string')
      return attributes.value
  }
  return undefined
}
