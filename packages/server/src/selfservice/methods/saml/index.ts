import type { Method } from '../../method.ts'
import { config } from './config.ts'

/** Single sign-on by SAML. It can be configured but not switched on yet. */
export const saml: Method = { name: 'saml', group: 'saml', config, credential: 'saml' }
