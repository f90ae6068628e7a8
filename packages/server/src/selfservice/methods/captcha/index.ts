import type { Method } from '../../method.ts'
import { config } from './config.ts'

/** Proof that a person fills in a form, by a provider (`selfservice/captcha/`). Nobody signs in by it. */
export const captcha: Method = { name: 'captcha', group: 'captcha', config }
