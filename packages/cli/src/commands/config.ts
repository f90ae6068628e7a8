import {
  ConfigError,
  type Loaded,
  loadFile,
  loadOriginals,
  loadProjectFile,
  type OriginalName,
  originals,
} from '@latchkey/server'
import type { Command } from 'commander'
import { exitCodes, UsageError } from '../exit.ts'
import { printNotices, printProblems, shortPath } from '../problems.ts'
import { absoluteFiles, addWithoutOption, collectFiles, collectWithout, type Files } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

type ValidateOptions = Partial<Record<OriginalName, Files>> & {
  config?: Files
  json?: boolean
  without?: string[]
}

/** `latchkey config validate`: checks whether a server would start with a file, without starting one. */
export function addConfig(program: Command, terminal: Terminal, settle: (status: number) => void) {
  const validate = program
    .command('config')
    .description('work with configuration files')
    .command('validate')
    .description('validate configuration files, with environment variables and referenced files')
    .argument('[files...]', 'project files and Ory configuration files; the type is recognized by the keys')
    .option('-c, --config <file>', 'a project file; several are merged, later ones win', collectFiles)
  for (const { name, title } of originals) {
    validate.option(`--${name} <file>`, `${title}; several are merged`, collectFiles)
  }
  addWithoutOption(validate)
    .option('--json', 'print problems and unsupported keys as JSON')
    .action(async (files: string[], options: ValidateOptions) => {
      const checks = listChecks(files, options, terminal)
      if (checks.length === 0) throw new UsageError('No file was given.')
      const results: boolean[] = []
      for (const check of checks) results.push(await validateFile(check, options.json === true, terminal))
      settle(results.every(Boolean) ? exitCodes.done : exitCodes.wrongInput)
    })
}

interface Check {
  paths: Files
  load(): Promise<Loaded>
}

function listChecks(files: string[], options: ValidateOptions, terminal: Terminal): Check[] {
  const { cwd, env } = terminal
  const without = collectWithout(options.without, terminal)
  const check = (files: Files, load: (paths: Files) => Promise<Loaded>): Check => {
    const paths = absoluteFiles(files, cwd)
    return { paths, load: () => load(paths) }
  }
  const ofOriginals = originals.flatMap(({ name }) => {
    const given = options[name]
    return given ? [check(given, (paths) => loadOriginals({ [name]: paths }, env, without))] : []
  })
  return [
    ...files.map((file) => check([file], ([path]) => loadFile(path, env, without))),
    ...(options.config ? [check(options.config, (paths) => loadProjectFile(paths, env, without))] : []),
    ...ofOriginals,
  ]
}

async function validateFile({ paths, load }: Check, asJson: boolean, terminal: Terminal): Promise<boolean> {
  try {
    const { originals: names = [], notices } = await load()
    const original = originals.find(({ name }) => name === names[0])
    const title = original?.title ?? 'a project'
    if (asJson) {
      terminal.out(JSON.stringify(notices, null, 2))
      return true
    }
    terminal.out(
      `${terminal.style('green', 'valid')} ${paths.map((path) => shortPath(path, terminal.cwd)).join(' + ')} (${title})`,
    )
    printNotices(notices, terminal)
    return true
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (asJson) terminal.out(JSON.stringify(error.problems, null, 2))
    else printProblems(error, terminal)
    return false
  }
}
