import { type Database, importKeto, openDatabase } from '@latchkey/server'
import type { Command } from 'commander'
import { UsageError } from '../exit.ts'
import { absoluteDsn } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

interface ImportOptions {
  dsn: string
  to: string
  project?: string
  network?: string
}

/** `latchkey import keto`: takes the relationships of a Keto database over, all or nothing. */
export function addImport(program: Command, terminal: Terminal) {
  program
    .command('import')
    .description("take over an original's data")
    .command('keto')
    .description('take over the relationships in a database of Keto, all or nothing; what was imported before is kept')
    .requiredOption('--dsn <source>', "Keto's database: sqlite://PATH or postgres://…; it is only read")
    .requiredOption('--to <dsn>', 'the database of Latchkey: sqlite://PATH or postgres://…')
    .option('--project <slug>', 'the project they go to; the main one unless it is named')
    .option('--network <id>', 'the network to read, where the source has several')
    .action(async ({ dsn, to, project, network }: ImportOptions) => {
      if (to === 'memory') throw new UsageError('A database in memory ends with this command; name another with --to.')
      const open: Database[] = []
      try {
        const from = await openDatabase(absoluteDsn(dsn, terminal.cwd), { readOnly: true })
        open.push(from)
        const target = await openDatabase(absoluteDsn(to, terminal.cwd))
        open.push(target)
        const done = await importKeto({ from, to: target, slug: project, network, onProgress: progress(terminal) })
        const before = done.read - done.written
        const known = before === 0 ? '' : `, ${before} of them were there already`
        terminal.out(`${terminal.style('green', 'imported')} ${counted(done.read)} of network ${done.network}${known}`)
        terminal.out(`namespaces: ${done.namespaces.join(', ')}`)
      } finally {
        await Promise.all(open.map((database) => database.close()))
      }
    })
}

const progressEveryMs = 1000

/** Says on the way how far it is; the end has its own line. */
function progress({ err }: Terminal): (read: number, of: number) => void {
  let toldAt = performance.now()
  return (read, of) => {
    if (read >= of || performance.now() - toldAt < progressEveryMs) return
    toldAt = performance.now()
    err(`${read} of ${of} relationships`)
  }
}

function counted(count: number): string {
  return count === 1 ? '1 relationship' : `${count} relationships`
}
