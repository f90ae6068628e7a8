import { existsSync } from 'node:fs'
import { Kysely, SqliteAdapter, SqliteIntrospector } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { ProjectDatabase } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import type { Database, OpenOptions } from './database.ts'
import { setDirect } from './direct.ts'
import { openFile } from './engine.ts'
import { readerOf, refuseOtherPrograms } from './other-programs.ts'
import { PlanKeepingCompiler } from './plan-keeping.ts'
import { assignProject } from './project-of.ts'
import { ProjectPlugin } from './project-plugin.ts'
import { SqliteDriver } from './sqlite-driver.ts'
import { SqliteFile } from './sqlite-file.ts'
import { createFile, restrictFile } from './sqlite-file-mode.ts'
import { unavailableFrom } from './unavailable.ts'
import { writeProbe } from './write-probe.ts'

/**
 * Opens an SQLite file or an in-memory database. All projects share one connection, since its calls are synchronous.
 */
export async function openSqlite(
  path: string | undefined,
  { readOnly = false, besideKeto }: OpenOptions = {},
): Promise<Database> {
  if (readOnly && !(path && existsSync(path))) throw new Error(`There is no database ${path ?? 'in memory'} to read.`)
  const capabilities = { dialect: 'sqlite', rowLocks: false, inProcess: true } as const
  if (path && !readOnly) createFile(path)
  const opened = openFile(path ?? ':memory:', { readOnly })
  // Before settings such as the journal mode change the file.
  if (path && !readOnly) {
    opened.exec('PRAGMA busy_timeout = 5000')
    await refuseOtherPrograms((sql) => opened.prepare(sql).all(), capabilities, besideKeto).catch((error: unknown) => {
      opened.close()
      throw unavailableFrom(error)
    })
    restrictFile(path)
  }
  const file = new SqliteFile(opened, { path, readOnly })
  const database = (asyncCommit: boolean, projectId?: string): ProjectDatabase => {
    const db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => assignProject(new SqliteAdapter(), projectId),
        createQueryCompiler: () => new PlanKeepingCompiler(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createDriver: () => new SqliteDriver(file, asyncCommit),
      },
      plugins: projectId ? [new ProjectPlugin(projectId)] : [],
    })
    setDirect(db, (sql, parameters) =>
      !asyncCommit && file.needsFlush(sql) ? undefined : file.runAtOnce(sql, parameters)?.rows,
    )
    return db
  }
  const projects = new LRUCache<string, { db: ProjectDatabase; asyncCommit: ProjectDatabase }>({ max: 1000 })
  const unscoped = database(false)
  return {
    capabilities,
    unscoped,
    project(projectId) {
      const known = projects.get(projectId)
      if (known) return known
      const made = { db: database(false, projectId), asyncCommit: database(true, projectId) }
      projects.set(projectId, made)
      return made
    },
    forMigrations: () => ({ db: unscoped, close: async () => {} }),
    refuseOtherPrograms: () => refuseOtherPrograms(readerOf(unscoped), capabilities, besideKeto),
    ping: writeProbe(database(true)),
    async close() {
      const release = await file.acquire()
      await file.close()
      release()
    },
  }
}
