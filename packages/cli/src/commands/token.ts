import { createApp, createLogger, createProjectToken } from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from '../exit.ts'
import { addSourceOptions, loadSettings, type SourceOptions } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

/** `latchkey token create`: creates a token for the admin API and prints only the token, for use in scripts. */
export function addToken(program: Command, terminal: Terminal) {
  const create = program.command('token').description("manage the project's API tokens").command('create')
  addSourceOptions(create)
    .description('create a token for the admin API and print it; it cannot be shown again')
    .option('--name <name>', 'a label for the token', 'command line')
    .action(async (options: SourceOptions & { name: string }) => {
      const { loaded, dsn } = await loadSettings(options, terminal)
      if (dsn === 'memory')
        throw new UsageError('An in-memory database is lost with its server process; give another database with --dsn.')
      const app = await createApp({ loaded, dsn, log: createLogger({ level: 'silent' }) })
      try {
        terminal.out(await createProjectToken(app.ctx, options.name))
      } finally {
        await app.close()
      }
    })
}
