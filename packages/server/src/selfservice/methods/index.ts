import type { Context } from '../../kernel/context.ts'
import type { Flow, FlowName } from '../flows/flow.ts'
import type { Method } from '../turn.ts'
import { code } from './code/index.ts'
import { identifierFirst } from './identifier-first/index.ts'
import { link } from './link/index.ts'
import { password } from './password/index.ts'
import { profile } from './profile/index.ts'

/** Every method there is, in the order in which forms show them. */
export const methods: readonly Method[] = [profile, identifierFirst, code, link, password]

/** The methods that a flow may use, with their part in it. */
export function stepsOf<Name extends FlowName>(ctx: Context, flow: Flow & { name: Name }) {
  return methods.flatMap((method) => {
    const step = method[flow.name as Name]
    return step && method.enabled(ctx, flow) ? [{ name: method.name, step: step as NonNullable<Method[Name]> }] : []
  })
}
