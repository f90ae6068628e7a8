import type { Context } from '../../kernel/context.ts'

/** Whether registration asks for the traits first and the method second, instead of both on one page. */
export function isTwoSteps(ctx: Context): boolean {
  const { registration } = ctx.config.identity.selfservice.flows
  return registration.style === 'profile_first' && !registration.enable_legacy_one_step
}
