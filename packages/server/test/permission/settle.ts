import type { Context } from '../../src/kernel/context.ts'
import { changeTuples, removeTuples } from '../../src/permission/tuples/change.ts'
import type { openTestApp } from '../app.ts'
import type { World } from './worlds.ts'

/** Deeper than any way through so few objects. */
const deep = 200

/** Makes a project the world that is given, as if nothing had been there before. */
export async function settle(
  app: Awaited<ReturnType<typeof openTestApp>>,
  ctx: Context,
  { namespaces, tuples }: World,
  { width = 100 }: { width?: number } = {},
): Promise<void> {
  const permission = { ...ctx.config.permission, namespaces }
  const limit = { ...permission.limit, max_read_depth: deep, max_read_width: width }
  // As a project of its own: what kinds of tuples were there is never forgotten.
  await app.database.unscoped.deleteFrom('relation_tuple_kinds').execute()
  Object.assign(ctx, { project: { ...ctx.project } })
  Object.assign(ctx, { config: { ...ctx.config, permission: { ...permission, limit } } })
  await removeTuples(ctx, {})
  await changeTuples(
    ctx,
    tuples.map((tuple) => ({ action: 'insert', tuple })),
  )
}
