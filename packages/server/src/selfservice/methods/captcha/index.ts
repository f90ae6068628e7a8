import type { Method } from '../../method.ts'
import { config } from './config.ts'

/** Proof that a person fills in a form. It can be configured but not switched on yet. */
export const captcha: Method = { name: 'captcha', group: 'captcha', config }
