/**
 * Measures Latchkey and, if its URLs are given, a running Kratos, Hydra or Keto in comparison; see bench/README.md.
 *   npm run bench -- [--suite identity|oauth2|permission] [--reference PUBLIC,ADMIN|READ,WRITE] [--only NAME]… [--seconds 5] [--rounds 3] [--dsn DSN] [--target …] [--scale 1] [--filled] [--load poll|wrk]
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { type Latchkey, root, startLatchkey } from '../test/stage/latchkey.ts'
import type { Load, Measured } from './load.ts'
import type { Measure, Suite } from './suite.ts'
import * as suites from './suites.ts'
import { runWrk } from './wrk.ts'

const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', default: 'identity' },
    reference: { type: 'string' },
    target: { type: 'string' },
    only: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    dsn: { type: 'string' },
    scale: { type: 'string', default: '1' },
    filled: { type: 'boolean', default: false },
    load: { type: 'string', default: 'poll' },
    help: { type: 'boolean', default: false },
  },
})

interface Row {
  name: string
  wanted?: number
  latchkey: Measured
  reference?: Measured
}

if (options.help) {
  console.log(
    [
      'npm run bench -- [options]',
      '  --suite identity|oauth2|permission  what is measured (identity)',
      '  --reference PUBLIC,ADMIN      the URLs of a running Kratos or Hydra, or READ,WRITE of Keto, to compare with',
      '  --target PUBLIC,ADMIN         the URLs of a running Latchkey, instead of starting one',
      '  --only NAME                   measures whose name begins so; can be repeated',
      '  --seconds 5, --rounds 3       the duration and number of rounds of each measure',
      '  --load poll|wrk               the load generator: our own, which never sleeps, or wrk -t1 -c16',
      '  --dsn DSN                     the database (a new SQLite file)',
      '  --scale 1, --filled           the amount of test data of permissions, and whether it exists',
    ].join('\n'),
  )
  process.exit(0)
}
if (options.load !== 'poll' && options.load !== 'wrk') throw new Error(`--load is poll or wrk, not ${options.load}`)

const pinned = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0
const rows = await measureChosen()
await report(rows)
process.exit(rows.some((row) => row.latchkey.wrong > 0) ? 1 : 0)

function measureChosen(): Promise<Row[]> {
  switch (options.suite) {
    case 'identity':
      return measureSuite(suites.identity)
    case 'oauth2':
      return measureSuite(suites.oauth2)
    case 'permission':
      return measureSuite(suites.permission)
    default:
      throw new Error(`--suite is identity, oauth2 or permission, not ${options.suite}`)
  }
}

async function measureSuite<Stage>(suite: Suite<Stage>): Promise<Row[]> {
  const { only } = options
  const chosen = suite.measures
    .filter(({ name }) => !only || only.some((start) => name.startsWith(start)))
    .filter(({ needsOwnLoad }) => options.load === 'poll' || !needsOwnLoad)
  const server = options.target ? undefined : await start(suite)
  const [first, second] = suite.listeners
  try {
    const origins = server ? `${server[first]},${server[second]}` : (options.target as string)
    const stage = { scale: Number(options.scale), filled: options.filled }
    const latchkey = await suite.prepare(pair(origins), stage)
    const reference = options.reference ? await suite.prepare(pair(options.reference), stage) : undefined
    const rows: Row[] = []
    for (const measure of chosen) rows.push(await sideBySide(measure, latchkey, reference))
    return rows
  } finally {
    await server?.stop()
  }
}

async function start({ start: files }: Pick<Suite<unknown>, 'start'>): Promise<Latchkey> {
  const dsn = options.dsn ?? `sqlite://${join(await mkdtemp(join(tmpdir(), 'latchkey-bench-')), 'bench.sqlite')}`
  return startLatchkey({
    ...files,
    dsn,
    prefix: pinned ? ['taskset', '-c', '0'] : [],
    env: { NODE_ENV: 'production' },
  })
}

function pair(origins: string): [string, string] {
  const [one = '', other = one] = origins.split(',')
  return [one, other]
}

/** The servers take turns, so that disturbances of the machine affect both. */
async function sideBySide<Stage>(measure: Measure<Stage>, latchkey: Stage, reference: Stage | undefined): Promise<Row> {
  const [ours, theirs]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < Number(options.rounds); round++) {
    if (reference) theirs.push(await generate(measure, reference))
    ours.push(await generate(measure, latchkey))
  }
  const { name, wanted } = measure
  const row: Row = { name, wanted, latchkey: middle(ours), ...(reference ? { reference: middle(theirs) } : {}) }
  console.error(`${name}: ${figures(row.latchkey)}${row.reference ? ` against ${figures(row.reference)}` : ''}`)
  return row
}

async function generate<Stage>(measure: Measure<Stage>, stage: Stage): Promise<Measured> {
  const times = { warmUpMs: 1000, durationMs: Number(options.seconds) * (measure.slow ? 2000 : 1000) }
  const loads: Load[] = measure.loads(stage).map((load) => ({ ...load, ...times }))
  const [first] = loads
  if (options.load === 'wrk' && first) return runWrk(first, pinned ? ['taskset', '-c', '1'] : [])
  const command = [...(pinned ? ['taskset', '-c', '1'] : []), process.execPath, '--import', 'tsx', 'bench/load.ts']
  const child = spawn(command[0] as string, command.slice(1), { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(loads))
  const [measured] = (await json(child.stdout)) as Measured[]
  if (!measured) throw new Error('the load generator measured nothing')
  return { ...measured, perSecond: measured.perSecond * (measure.perRequest ?? 1) }
}

/** The round with the median throughput; wrong responses are those of all rounds. */
function middle(rounds: Measured[]): Measured {
  const sorted = rounds.toSorted((a, b) => a.perSecond - b.perSecond)
  const wrong = rounds.reduce((sum, round) => sum + round.wrong, 0)
  return { ...(sorted[Math.floor(sorted.length / 2)] as Measured), wrong }
}

async function report(rows: Row[]): Promise<void> {
  const machine = `${cpus()[0]?.model} × ${cpus().length}, Node ${process.versions.node}, ${pinned ? 'server on core 0, load on core 1' : 'not pinned to cores'}`
  const cells = rows.map(({ name, wanted, latchkey, reference }) => [
    name,
    ...[latchkey, reference].flatMap((one) =>
      one ? [rate(one), one.p50Ms.toFixed(1), one.p99Ms.toFixed(1)] : ['', '', ''],
    ),
    reference ? `${(latchkey.perSecond / reference.perSecond).toFixed(1)}×` : '',
    wanted ? `${wanted}×` : '',
    latchkey.wrong || reference?.wrong ? `${latchkey.wrong} / ${reference?.wrong ?? 0}` : '',
  ])
  const titles = [
    'measure',
    'Latchkey /s',
    'p50 ms',
    'p99 ms',
    'reference /s',
    'p50 ms',
    'p99 ms',
    'ratio',
    'wanted',
    'wrong',
  ]
  console.log(`${machine}\n`)
  console.log(table([titles, ...cells]))
  await mkdir(join(root, 'artefacts'), { recursive: true })
  await writeFile(join(root, 'artefacts', 'bench.json'), `${JSON.stringify({ machine, results: rows }, null, 2)}\n`)
}

function table(lines: string[][]): string {
  const widths = (lines[0] as string[]).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const row = (line: string[]) => `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [row(lines[0] as string[]), rule, ...lines.slice(1).map(row)].join('\n')
}

function rate(one: Measured): string {
  return one.perSecond < 100 ? one.perSecond.toFixed(1) : String(Math.round(one.perSecond))
}

function figures(one: Measured): string {
  return `${rate(one)}/s, p99 ${one.p99Ms.toFixed(1)} ms`
}
