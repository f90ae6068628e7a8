/**
 * Replays the golden recordings against Latchkey and prints the totals as the last line: `N passed, N failed`.
 * With --walks the random walks are replayed instead of the scenarios; each suite of walks counts as one.
 * With --later the scenarios that cannot pass yet are played as well.
 *   npm run golden -- [--walks] [--later] [--suite NAME]… [--only SCENARIO]… [--dsn memory|sqlite://…|postgres://…] [--free-ports] [--report FILE] [--verbose]
 */
import { spawn } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { goldenDir, type Latchkey, startLatchkey } from './stage/latchkey.ts'
import { freePort } from './stage/port.ts'
import { freshDatabase } from './stage/postgres.ts'
import { recordedLimits } from './walks/limits.ts'
import { playWalks, shortfall, summary } from './walks/play.ts'
import { walkSuites } from './walks/suites.ts'

type OriginalName = 'kratos' | 'hydra' | 'keto'

interface Suite {
  name: string
  /** The name in reports, for a suite that is played with a second configuration. */
  title?: string
  /** Name of the configuration in golden/config. */
  config: string
  /** The service that the configuration belongs to; Kratos by default. */
  original?: OriginalName
  /** Scenarios of methods that are not supported yet, with the reason. */
  later: Record<string, string>
}

const suites: Suite[] = [
  { name: 'identity', config: 'identity', later: {} },
  { name: 'identity-admin', title: 'identity-admin with identity.yml', config: 'identity', later: {} },
  { name: 'identity-core', config: 'identity-core', later: {} },
  {
    name: 'identity-admin',
    config: 'identity-core',
    later: { 'delete-second-factors': 'needs the second factors that identity.yml has' },
  },
  { name: 'identity-factors', config: 'identity-factors', later: {} },
  { name: 'identity-link', config: 'identity-link', later: {} },
  { name: 'identity-strict', config: 'identity-strict', later: {} },
  { name: 'identity-short', config: 'identity-short', later: {} },
  { name: 'permission', config: 'permission', original: 'keto', later: {} },
  { name: 'oauth2', config: 'oauth2', original: 'hydra', later: {} },
  { name: 'oauth2-jwt', config: 'oauth2-jwt', original: 'hydra', later: {} },
]

/** The runner's names for the listeners that scenarios use. */
const bases = ['public', 'admin', 'read', 'write', 'syntax'] as const

/** The format of the `--report` file. */
export interface GoldenReport {
  /** In the form `suite/scenario`. */
  passed: string[]
  failed: string[]
  /** Scenarios that were skipped, with the reason. */
  later: string[]
}

const { values: options } = parseArgs({
  options: {
    walks: { type: 'boolean', default: false },
    later: { type: 'boolean', default: false },
    suite: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    dsn: { type: 'string', default: 'memory' },
    'free-ports': { type: 'boolean', default: false },
    report: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})

const sum: GoldenReport = { passed: [], failed: [], later: [] }
const isChosen = ({ name }: { name: string }) => !options.suite || options.suite.includes(name)
if (options.walks) await playAllWalks()
else await playScenarios()
for (const line of sum.later) console.log(`not played: ${line}`)
if (options.report) await writeFile(options.report, JSON.stringify(sum))
console.log(`${sum.passed.length} passed, ${sum.failed.length} failed`)
process.exit(sum.failed.length || !sum.passed.length ? 1 : 0)

async function playScenarios(): Promise<void> {
  const chosen = suites.filter(isChosen)
  for (const config of new Set(chosen.map((suite) => suite.config))) {
    const own = chosen.filter((suite) => suite.config === config)
    await withServer(config, own[0]?.original ?? 'kratos', async (server, smtpPort) => {
      for (const suite of own) await play(suite, server, smtpPort)
    }).catch((error: Error) => {
      console.log(`${config}: ${error.message}`)
      sum.failed.push(config)
    })
  }
}

async function playAllWalks(): Promise<void> {
  for (const suite of walkSuites.filter(isChosen)) {
    if (suite.later && !options.suite) {
      sum.later.push(`walks/${suite.name}: ${suite.later}`)
      continue
    }
    await withServer(suite.config, suite.original ?? 'kratos', async (server, smtpPort) => {
      const result = await playWalks(suite, server, smtpPort)
      const missed = shortfall(suite, result)
      console.log(missed || options.verbose ? result.report : `${suite.name}: ${summary(result)}`)
      sum[missed ? 'failed' : 'passed'].push(`walks/${suite.name}`)
    })
  }
}

/** Other originals have other secrets or none, so that their servers cannot use a database that Kratos's have used. */
async function databaseOf(original: OriginalName): Promise<string> {
  const isShared = original === 'kratos' || !options.dsn.startsWith('postgres')
  return isShared ? options.dsn : freshDatabase(options.dsn)
}

async function withServer(
  config: string,
  original: OriginalName,
  use: (server: Latchkey, smtpPort: number) => Promise<void>,
): Promise<void> {
  const smtpPort = options['free-ports'] ? await freePort() : 2525
  const server = await startLatchkey({
    [original]: join(goldenDir, 'config', `${config}.yml`),
    dsn: await databaseOf(original),
    ports: options['free-ports'] ? 'free' : 'file',
    env: {
      ...(original === 'kratos' && recordedLimits),
      ...(options['free-ports'] && {
        COURIER_SMTP_CONNECTION_URI: `smtp://127.0.0.1:${smtpPort}/?disable_starttls=true`,
      }),
    },
  })
  try {
    await use(server, smtpPort)
  } finally {
    await server.stop()
  }
}

async function play(suite: Suite, server: Latchkey, smtpPort: number): Promise<void> {
  const title = suite.title ?? suite.name
  const scenarios = (await readdir(join(goldenDir, 'scenarios', suite.name)))
    .filter((file) => file.endsWith('.mjs') && !file.startsWith('_'))
    .map((file) => file.slice(0, -4))
    .filter((name) => !options.only || options.only.some((only) => name.startsWith(only)))
  const played = scenarios.filter((name) => options.later || !(name in suite.later))
  sum.later.push(
    ...scenarios.filter((name) => !played.includes(name)).map((name) => `${title}/${name}: ${suite.later[name]}`),
  )
  if (played.length === 0) return
  const expected = join(goldenDir, 'expected', suite.name)
  const output = await runner([
    ...['check', '--suite', suite.name, '--smtp', suite.original === 'hydra' ? 'none' : String(smtpPort)],
    ...bases.flatMap((base) => (server[base] ? [`--${base}`, server[base]] : [])),
    ...['--deviations', join(goldenDir, 'deviations.json')],
    ...['--expected', expected],
    ...played.flatMap((name) => ['--only', name]),
  ])
  const good = new Set([...output.matchAll(/^✓ (\S+) \(/gm)].map(([, name]) => name))
  for (const name of played) sum[good.has(name) ? 'passed' : 'failed'].push(`${title}/${name}`)
  const shown = output.split('\n').filter((line) => line && (options.verbose || !line.startsWith('✓')))
  for (const line of shown) console.log(/^\d+ passed/.test(line) ? `${title}: ${line}` : `  ${line}`)
}

function runner(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(process.execPath, [join(goldenDir, 'run.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', () => resolve(output))
  })
}
