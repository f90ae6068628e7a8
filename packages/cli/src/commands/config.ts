import { resolve } from 'node:path'
import { ConfigError, type Loaded, loadFile, loadOriginals, loadProjectFile, type Original } from '@latchkey/server'
import type { Command } from 'commander'
import { exitCodes, UsageError } from '../exit.ts'
import { printProblems, shortPath } from '../problems.ts'
import type { Terminal } from '../terminal.ts'

interface ValidateOptions {
  config?: string
  kratos?: string
  keto?: string
  json?: boolean
}

/** `latchkey config validate`: says whether a server would start with a file, without starting one. */
export function addConfig(program: Command, terminal: Terminal, settle: (status: number) => void) {
  program
    .command('config')
    .description('work with configuration files')
    .command('validate')
    .description('check configuration files together with the environment and the files they name')
    .argument('[files...]', 'project, Kratos and Keto files; which of them is seen from their keys')
    .option('-c, --config <file>', 'a project file')
    .option('--kratos <file>', 'a Kratos file')
    .option('--keto <file>', 'a Keto file')
    .option('--json', 'print problems as a JSON list')
    .action(async (files: string[], options: ValidateOptions) => {
      const jobs = listJobs(files, options, terminal)
      if (jobs.length === 0) throw new UsageError('Name a file to check.')
      const results: boolean[] = []
      for (const job of jobs) results.push(await validate(job, options.json === true, terminal))
      settle(results.every(Boolean) ? exitCodes.done : exitCodes.wrongInput)
    })
}

interface Job {
  path: string
  load(): Promise<Loaded>
}

function listJobs(files: string[], { config, kratos, keto }: ValidateOptions, { cwd, env }: Terminal): Job[] {
  const job = (file: string, load: (path: string) => Promise<Loaded>): Job => {
    const path = resolve(cwd, file)
    return { path, load: () => load(path) }
  }
  return [
    ...files.map((file) => job(file, (path) => loadFile(path, env))),
    ...(config ? [job(config, (path) => loadProjectFile(path, env))] : []),
    ...(kratos ? [job(kratos, (path) => loadOriginals({ kratos: path }, env))] : []),
    ...(keto ? [job(keto, (path) => loadOriginals({ keto: path }, env))] : []),
  ]
}

async function validate({ path, load }: Job, asJson: boolean, terminal: Terminal): Promise<boolean> {
  try {
    const { originals: [original] = [] } = await load()
    const kind = original ? kinds[original] : 'a project'
    if (asJson) terminal.out('[]')
    else terminal.out(`${terminal.style('green', 'valid')} ${shortPath(path, terminal.cwd)} (${kind})`)
    return true
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (asJson) terminal.out(JSON.stringify(error.problems, null, 2))
    else printProblems(error, terminal)
    return false
  }
}

const kinds: Record<Original, string> = { kratos: 'a Kratos configuration', keto: 'a Keto configuration' }
