import { type DatabaseSyncInstance, DatabaseSync as PackagedDatabase } from '@photostructure/sqlite'

const major = Number(process.versions.node.split('.')[0])

/**
 * Opens a file with Node's built-in SQLite where it is stable (Node 24 and later), otherwise with a package that has
 * the same interface.
 */
export function openFile(path: string, options: { readOnly?: boolean } = {}): DatabaseSyncInstance {
  const builtin = major >= 24 ? process.getBuiltinModule('node:sqlite') : undefined
  if (builtin) return new builtin.DatabaseSync(path, options) as unknown as DatabaseSyncInstance
  return new PackagedDatabase(path, options)
}
