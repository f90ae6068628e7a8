import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'

const latest = new WeakMap<object, { revision: number; token: string }>()

/** A token of the state that a project's tuples were in: whoever has it can ask for at least that state. */
export function snapshotToken(ctx: Context, revision: number): string {
  const known = latest.get(ctx.project)
  if (known?.revision === revision) return known.token
  const token = `${revision}.${proof(ctx, revision)}`
  latest.set(ctx.project, { revision, token })
  return token
}

/**
 * The revision that a snapshot token stands for.
 * @throws ApiError 400 for a token that was not made here for this project.
 */
export function revisionOf(ctx: Context, token: string): number {
  const known = latest.get(ctx.project)
  if (known?.token === token) return known.revision
  const [, digits = '', mac = ''] = /^(\d{1,15})\.([\w-]{1,100})$/.exec(token) ?? []
  const revision = Number(digits)
  if (digits === '' || !sameText(mac, proof(ctx, revision))) {
    throw ApiError.badRequest({ message: 'The snapshot token was not made by this server.' })
  }
  return revision
}

function proof(ctx: Context, revision: number): string {
  return ctx.keys.mac('snapshot token', `${ctx.project.id}/${revision}`).slice(0, 22)
}
