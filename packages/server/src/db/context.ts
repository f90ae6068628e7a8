import type { ProjectConfig } from '../kernel/config/index.ts'
import type { Context, Project, ProjectDatabase } from '../kernel/context.ts'
import { deriveContext } from '../kernel/derived-context.ts'
import type { Installation } from '../kernel/installation.ts'
import type { Database } from './database.ts'

/** The context of a project, for jobs and the start. Requests use contexts derived from it (`actingAs`). */
export function projectContext(
  database: Database,
  installation: Installation,
  of: { project: Project; config: ProjectConfig },
): Context {
  const { db, asyncCommit } = database.project(of.project.id)
  return {
    ...installation,
    ...of,
    actor: { type: 'system' },
    db,
    asyncCommit,
    capabilities: database.capabilities,
    // Derived contexts inherit these methods, so `this` is the context that they are called on.
    transaction(run) {
      return inTransaction(this, db.transaction(), run)
    },
    snapshot(run) {
      return inTransaction(this, db.transaction().setIsolationLevel('repeatable read'), run)
    },
    afterCommit: (run) => run(),
    beforeCommit: (run) => run(),
  }
}

async function inTransaction<T>(
  ctx: Context,
  begin: ReturnType<ProjectDatabase['transaction']>,
  run: (tx: Context) => Promise<T>,
): Promise<T> {
  const before: (() => Promise<void>)[] = []
  const after: (() => void)[] = []
  const result = await begin.execute(async (transaction) => {
    const result = await run(
      deriveContext(ctx, {
        db: transaction,
        asyncCommit: transaction,
        transaction(nested) {
          return nested(this as Context)
        },
        snapshot(nested) {
          return nested(this as Context)
        },
        afterCommit: (later) => after.push(later),
        beforeCommit: async (last) => void before.push(last),
      }),
    )
    for (const last of before) await last()
    return result
  })
  for (const later of after) later()
  return result
}
