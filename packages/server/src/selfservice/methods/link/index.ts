import type { Method } from '../../turn.ts'
import { recovery } from './recovery.ts'
import { verification } from './verification.ts'

/** Links in a mail that recover an account or verify an address when they are opened. */
export const link: Method = {
  name: 'link',
  enabled(ctx, { name }) {
    const { methods, flows } = ctx.config.identity.selfservice
    return methods.link.enabled && (name !== 'verification' || flows.verification.use === 'link')
  },
  recovery,
  verification,
}
