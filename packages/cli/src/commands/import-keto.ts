import { type Database, importKeto, openDatabase } from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from '../exit.ts'
import { importProgress } from '../import-progress.ts'
import { absoluteDsn } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

interface ImportOptions {
  dsn: string
  to: string
  project?: string
  network?: string
}

/** `latchkey import keto`: imports the relationships of a Keto database, all or nothing. */
export function addImportKeto(parent: Command, terminal: Terminal) {
  parent
    .command('keto')
    .description('import all relationships of a Keto database in one transaction; can be repeated')
    .requiredOption('--dsn <source>', 'the Keto database: sqlite://PATH or postgres://…; it is not modified')
    .requiredOption('--to <dsn>', 'the Latchkey database: sqlite://PATH or postgres://…')
    .option('--project <slug>', 'the target project (default: the default project)')
    .option('--network <id>', 'the network to import, if the source has several')
    .action(async ({ dsn, to, project, network }: ImportOptions) => {
      if (to === 'memory')
        throw new UsageError('An in-memory database is lost when this command ends; give another database with --to.')
      const open: Database[] = []
      try {
        const from = await openDatabase(absoluteDsn(dsn, terminal.cwd), { readOnly: true })
        open.push(from)
        const progress = importProgress(terminal)
        const target = await openDatabase(absoluteDsn(to, terminal.cwd), { besideKeto: true })
        open.push(target)
        const done = await importKeto({
          from,
          to: target,
          slug: project,
          network,
          onProgress: (read, of) => progress('relationships', read, of),
        })
        const before = done.read - done.written
        const known = before === 0 ? '' : `, ${before} of them already imported`
        terminal.out(
          `${terminal.style('green', 'imported')} ${countText(done.read)} of network ${done.network}${known}`,
        )
        terminal.out(`namespaces: ${done.namespaces.join(', ')}`)
      } finally {
        await Promise.all(open.map((database) => database.close()))
      }
    })
}

function countText(count: number): string {
  return count === 1 ? '1 relationship' : `${count} relationships`
}
