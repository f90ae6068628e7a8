import { type DatabaseSyncInstance, DatabaseSync as PackagedDatabase } from '@photostructure/sqlite'

const major = Number(process.versions.node.split('.')[0])

/**
 * Opens a file with Node's own SQLite where that is no experiment (Node 24 and later),
 * otherwise with the package of the same interface.
 */
export function openFile(path: string, options: { readOnly?: boolean } = {}): DatabaseSyncInstance {
  const builtin = major >= 24 ? process.getBuiltinModule('node:sqlite') : undefined
  if (builtin) return new builtin.DatabaseSync(path, options) as unknown as DatabaseSyncInstance
  return new PackagedDatabase(path, options)
}
