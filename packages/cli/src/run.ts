import { ConfigError } from '@latchkey/server'
import { Command, CommanderError } from 'commander'
import { addConfig } from './commands/config.ts'
import { addExplain } from './commands/explain.ts'
import { addImport } from './commands/import.ts'
import { addMigrate } from './commands/migrate.ts'
import { addPermission } from './commands/permission.ts'
import { addServe } from './commands/serve.ts'
import { addToken } from './commands/token.ts'
import { addVersion } from './commands/version.ts'
import { exitCodes, UsageError } from './exit.ts'
import { printProblems } from './problems.ts'
import type { Terminal } from './terminal.ts'

/**
 * Runs a command line.
 * @returns the exit code, or undefined if a server keeps running
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  let status: number | undefined = exitCodes.done
  const program = new Command('latchkey')
    .description('A self-hosted identity platform that implements the Ory APIs.')
    .helpCommand(false)
    .showHelpAfterError('Run latchkey --help for a list of commands.')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .exitOverride()
  const settle = (result: number | undefined) => {
    status = result
  }
  for (const add of [addServe, addMigrate, addImport, addConfig, addToken, addExplain, addPermission, addVersion])
    add(program, terminal, settle)
  for (const command of allCommands(program)) command.copyInheritedSettings(program)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    return reportError(error, terminal)
  }
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((inner) => [inner, ...allCommands(inner)])
}

function reportError(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput
  if (error instanceof ConfigError) {
    printProblems(error, terminal)
    return exitCodes.wrongInput
  }
  const { message, code, cause } = error as NodeJS.ErrnoException
  const reason = cause instanceof Error ? `${message} (${cause.message})` : message
  terminal.err(`${terminal.style('red', 'error')} ${code === 'EADDRINUSE' ? addressInUse(message) : reason}`)
  return error instanceof UsageError ? exitCodes.wrongInput : exitCodes.failed
}

function addressInUse(message: string): string {
  const address = /(\S+:\d+)$/.exec(message)?.[1] ?? 'The address'
  return `${address} is already in use. Choose another port with --port or in the configuration.`
}
