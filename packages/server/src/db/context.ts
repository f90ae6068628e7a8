import type { ProjectConfig } from '../kernel/config/index.ts'
import type { Context, Project, ProjectDatabase } from '../kernel/context.ts'
import type { Installation } from '../kernel/installation.ts'
import type { Database } from './database.ts'

/** The context of a project: one object for all its requests, since nothing in it belongs to one of them. */
export function projectContext(
  database: Database,
  installation: Installation,
  of: { project: Project; config: ProjectConfig },
): Context {
  const { db, relaxed } = database.project(of.project.id)
  const base = { ...installation, ...of, db, relaxed, capabilities: database.capabilities }
  const ctx: Context = {
    ...base,
    transaction: (run) => inTransaction(ctx, db.transaction(), run),
    snapshot: (run) => inTransaction(ctx, db.transaction().setIsolationLevel('repeatable read'), run),
    afterCommit: (run) => run(),
  }
  return ctx
}

async function inTransaction<T>(
  ctx: Context,
  begin: ReturnType<ProjectDatabase['transaction']>,
  run: (tx: Context) => Promise<T>,
): Promise<T> {
  const after: (() => void)[] = []
  const result = await begin.execute((transaction) => {
    const inner: Context = {
      ...ctx,
      db: transaction,
      relaxed: transaction,
      transaction: (nested) => nested(inner),
      snapshot: (nested) => nested(inner),
      afterCommit: (later) => after.push(later),
    }
    return run(inner)
  })
  for (const later of after) later()
  return result
}
