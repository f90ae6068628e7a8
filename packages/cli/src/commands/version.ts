import { version } from '@latchkey/server'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function addVersion(program: Command, terminal: Terminal) {
  program
    .command('version')
    .description('print the version')
    .action(() => terminal.out(`latchkey ${version} (node ${process.versions.node})`))
}
