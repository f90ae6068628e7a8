import type { Context } from '../../kernel/context.ts'

/** Whether people first tell who they are and then choose a method, or do both on one page. */
export function isTwoSteps(ctx: Context): boolean {
  const { registration } = ctx.config.identity.selfservice.flows
  return registration.style === 'profile_first' && !registration.enable_legacy_one_step
}
