import type { Method } from '../../turn.ts'
import { recovery } from './recovery.ts'
import { verification } from './verification.ts'

/** Links in a mail that recover an account or verify an address when they are opened. */
export const link: Method = {
  name: 'link',
  enabled: (ctx) => ctx.config.identity.selfservice.methods.link.enabled,
  recovery,
  verification,
}
