import { createApp, createLogger, createProjectToken } from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from '../exit.ts'
import { addSourceOptions, readSettings, type SourceOptions } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

/** `latchkey token create`: makes a token for the admin API. It is printed alone, for use in scripts. */
export function addToken(program: Command, terminal: Terminal) {
  const create = program.command('token').description("work with the project's API tokens").command('create')
  addSourceOptions(create)
    .description('make a token for the admin API and print it, this once')
    .option('--name <name>', 'what to remember it by', 'command line')
    .action(async (options: SourceOptions & { name: string }) => {
      const { loaded, dsn } = await readSettings(options, terminal)
      if (dsn === 'memory') throw new UsageError('A database in memory ends with its server; name another with --dsn.')
      const app = await createApp({ loaded, dsn, log: createLogger({ level: 'silent' }) })
      try {
        terminal.out(await createProjectToken(app.ctx, options.name))
      } finally {
        await app.close()
      }
    })
}
