import type { Context } from '../../kernel/context.ts'
import type { Hook } from '../config.ts'
import { hooksAfter } from './hooks.ts'

/** What the hooks after a sign-up ask for. */
export interface AfterRegistration {
  hooks: readonly Hook[]
  beginsSession: boolean
  showsVerification: boolean
}

export function afterRegistration(ctx: Context, method: string): AfterRegistration {
  const hooks = hooksAfter(ctx, 'registration', method)
  const has = (name: string) => hooks.some(({ hook }) => hook === name)
  return { hooks, beginsSession: has('session'), showsVerification: has('show_verification_ui') }
}
