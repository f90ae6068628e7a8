import type { Command } from 'commander'
import { checkCommand } from '../permission/check.ts'
import { expandCommand } from '../permission/expand.ts'
import { listCommand } from '../permission/list.ts'
import { parseCommand } from '../permission/parse.ts'
import { watchCommand } from '../permission/watch.ts'
import type { Terminal } from '../terminal.ts'

/** `latchkey permission …`: asks a server who may do what, and checks namespaces files. */
export function addPermission(program: Command, terminal: Terminal, settle: (status: number) => void) {
  const permission = program.command('permission').description('ask who may do what, and check namespaces files')
  for (const add of [checkCommand, expandCommand, listCommand, watchCommand, parseCommand])
    add(permission, terminal, settle)
}
