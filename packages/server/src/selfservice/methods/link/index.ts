import type { Method } from '../../method.ts'
import { config } from './config.ts'
import { recovery } from './recovery.ts'
import { verification } from './verification.ts'

/** Email links that recover an account or verify an address when they are opened. */
export const link: Method = {
  name: 'link',
  group: 'link',
  config,
  // A link is opened with GET, not submitted as a form.
  claims: ({ request, flow }) =>
    (flow.name === 'recovery' || flow.name === 'verification') && Boolean(request.search.get('token')),
  recovery,
  verification,
}
