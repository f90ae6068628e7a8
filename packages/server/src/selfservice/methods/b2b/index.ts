import type { Method } from '../../method.ts'
import { config } from './config.ts'

/** Organizations of a project. It can be configured but not switched on yet. */
export const b2b: Method = { name: 'b2b', group: 'default', config }
