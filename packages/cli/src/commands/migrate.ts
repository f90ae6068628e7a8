import { migrate, openDatabase } from '@latchkey/server'
import type { Command } from 'commander'
import { addDatabaseWait, type DatabaseWaitOptions, databaseWaitMs } from '../database-wait.ts'
import { addSourceOptions, loadSettings, type SourceOptions } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

/** `latchkey migrate`: migrates the database, for deployments that do so before servers start. */
export function addMigrate(program: Command, terminal: Terminal) {
  addDatabaseWait(addSourceOptions(program.command('migrate')))
    .description('migrate the database to the current version')
    .action(async (options: SourceOptions & DatabaseWaitOptions) => {
      const { dsn } = await loadSettings(options, terminal)
      const database = await openDatabase(dsn)
      try {
        const applied = await migrate(database, {
          forMs: databaseWaitMs(options),
          onWait: () => terminal.err('The database is not available; waiting for it.'),
        })
        for (const name of applied) terminal.out(`applied ${name}`)
        terminal.out(applied.length === 0 ? 'The database is up to date.' : `${applied.length} applied.`)
      } finally {
        await database.close()
      }
    })
}
