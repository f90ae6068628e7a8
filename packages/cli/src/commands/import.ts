import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { addImportKeto } from './import-keto.ts'
import { addImportKratos } from './import-kratos.ts'

/** `latchkey import`: imports data from Ory services. */
export function addImport(program: Command, terminal: Terminal) {
  const command = program.command('import').description('import data from an Ory service')
  addImportKeto(command, terminal)
  addImportKratos(command, terminal)
}
