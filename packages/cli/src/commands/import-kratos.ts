import { ImportError, importKratos, openSourceDatabase, type TableCount } from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from '../exit.ts'
import { importProgress } from '../import-progress.ts'
import { absoluteDsn, addSourceOptions, loadSettings, type SourceOptions } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

interface ImportKratosOptions extends SourceOptions {
  to: string
  network?: string
}

/** How many refused identities are listed. */
const mostListed = 20

/** `latchkey import kratos`: takes over the data of a Kratos database, page by page. */
export function addImportKratos(parent: Command, terminal: Terminal) {
  addSourceOptions(parent.command('kratos'))
    .description(
      'take over identities, credentials, addresses, sessions and the courier history of a Kratos database (SQLite, PostgreSQL, MySQL or MariaDB: --dsn, or dsn in the file of --kratos); can be interrupted and repeated',
    )
    .requiredOption('--to <dsn>', 'the Latchkey database: sqlite://PATH or postgres://…')
    .option('--network <id>', 'the network to import, if the source has several')
    .action(async ({ to, network, ...options }: ImportKratosOptions) => {
      if (to === 'memory')
        throw new UsageError('An in-memory database is lost when this command ends; give another database with --to.')
      if (!options.dsn && !options.kratos) throw new UsageError('Name the Kratos database with --dsn, or --kratos.')
      const { loaded, dsn } = await loadSettings(options, terminal)
      const from = await openSourceDatabase(dsn)
      try {
        const progress = importProgress(terminal)
        const { counts, refused, ...done } = await importKratos({
          from,
          to: absoluteDsn(to, terminal.cwd),
          loaded,
          network,
          onProgress: (table, read, of) => progress(`rows of ${table}`, read, of),
        })
        terminal.out(`${terminal.style('green', 'imported')} network ${done.network}`)
        for (const line of countTable(counts)) terminal.out(line)
        for (const { id, reason } of refused.slice(0, mostListed)) terminal.err(`not imported: ${id}: ${reason}`)
        if (refused.length > mostListed) terminal.err(`not imported: ${refused.length - mostListed} more`)
        if (refused.length > 0) throw new ImportError(`${refused.length} identities were not imported.`)
      } finally {
        await from.close()
      }
    })
}

/** The rows of each table in the source and here, in columns. */
function countTable(counts: readonly TableCount[]): string[] {
  const rows = [
    ['table', 'Kratos', 'Latchkey', ''],
    ...counts.map(({ table, source, here }) => [table, String(source), String(here), source === here ? '' : 'differs']),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map(([name = '', source = '', here = '', note = '']) =>
    `${name.padEnd(widths[0] ?? 0)}  ${source.padStart(widths[1] ?? 0)}  ${here.padStart(widths[2] ?? 0)}  ${note}`.trimEnd(),
  )
}
