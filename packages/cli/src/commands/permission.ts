import type { Command } from 'commander'
import { checkCommand } from '../permission/check.ts'
import { expandCommand } from '../permission/expand.ts'
import { explainCommand } from '../permission/explain.ts'
import { listCommand } from '../permission/list.ts'
import { objectsCommand } from '../permission/objects.ts'
import { parseCommand } from '../permission/parse.ts'
import { subjectsCommand } from '../permission/subjects.ts'
import { testCommand } from '../permission/test.ts'
import { watchCommand } from '../permission/watch.ts'
import type { Terminal } from '../terminal.ts'

/** `latchkey permission …`: queries permissions of a server, and validates and tests models. */
export function addPermission(program: Command, terminal: Terminal, settle: (status: number) => void) {
  const permission = program.command('permission').description('query permissions; validate and test models')
  for (const add of [
    checkCommand,
    explainCommand,
    expandCommand,
    listCommand,
    objectsCommand,
    subjectsCommand,
    watchCommand,
    parseCommand,
    testCommand,
  ])
    add(permission, terminal, settle)
}
