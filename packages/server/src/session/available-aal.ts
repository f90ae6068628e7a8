import { isEnabledSecondFactor } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Aal } from './record.ts'

/** The highest assurance level that an identity can reach with its enabled second factors. */
export function highestAal(ctx: Context, secondFactors: readonly string[]): Aal {
  return secondFactors.some((type) => isEnabledSecondFactor(ctx, type)) ? 'aal2' : 'aal1'
}
