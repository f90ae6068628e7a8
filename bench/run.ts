/**
 * Measures Latchkey, and a running Kratos beside it when its addresses are given: bench/README.md says how.
 *   npm run bench -- [--reference PUBLIC,ADMIN] [--only NAME]… [--seconds 5] [--rounds 3] [--dsn DSN] [--target PUBLIC,ADMIN]
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { type Latchkey, root, startLatchkey } from '../test/stage/latchkey.ts'
import type { Load, Measured } from './load.ts'
import { type Measure, measures, type Stage } from './measures.ts'
import { prepare } from './stage.ts'

const { values: options } = parseArgs({
  options: {
    reference: { type: 'string' },
    target: { type: 'string' },
    only: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    dsn: { type: 'string' },
  },
})

interface Row {
  measure: Measure
  latchkey: Measured
  reference?: Measured
}

const pinned = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0
const chosen = measures.filter(({ name }) => !options.only || options.only.some((only) => name.startsWith(only)))
const server = options.target ? undefined : await start()
const rows: Row[] = []
try {
  const latchkey = await stageOf(server ? `${server.public},${server.admin}` : (options.target as string))
  const reference = options.reference ? await stageOf(options.reference) : undefined
  for (const measure of chosen) rows.push(await sideBySide(measure, latchkey, reference))
} finally {
  await server?.stop()
}
await report(rows)
process.exit(rows.some((row) => row.latchkey.wrong > 0) ? 1 : 0)

async function start(): Promise<Latchkey> {
  const dsn = options.dsn ?? `sqlite://${join(await mkdtemp(join(tmpdir(), 'latchkey-bench-')), 'bench.sqlite')}`
  const kratos = join(root, 'bench', 'kratos.yml')
  return startLatchkey({ kratos, dsn, prefix: pinned ? ['taskset', '-c', '0'] : [], env: { NODE_ENV: 'production' } })
}

function stageOf(origins: string): Promise<Stage> {
  const [open = '', admin = open] = origins.split(',')
  return prepare(open, admin)
}

/** The two take turns, so that what disturbs the machine disturbs both. */
async function sideBySide(measure: Measure, latchkey: Stage, reference: Stage | undefined): Promise<Row> {
  const [ours, theirs]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < Number(options.rounds); round++) {
    if (reference) theirs.push(await generate(measure, reference))
    ours.push(await generate(measure, latchkey))
  }
  const row: Row = { measure, latchkey: middle(ours), ...(reference ? { reference: middle(theirs) } : {}) }
  console.error(`${measure.name}: ${figures(row.latchkey)}${row.reference ? ` against ${figures(row.reference)}` : ''}`)
  return row
}

async function generate(measure: Measure, stage: Stage): Promise<Measured> {
  const times = { warmUpMs: 1000, durationMs: Number(options.seconds) * (measure.slow ? 2000 : 1000) }
  const loads: Load[] = measure.loads(stage).map((load) => ({ ...load, ...times }))
  const command = [...(pinned ? ['taskset', '-c', '1'] : []), process.execPath, '--import', 'tsx', 'bench/load.ts']
  const child = spawn(command[0] as string, command.slice(1), { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(loads))
  const [measured] = (await json(child.stdout)) as Measured[]
  if (!measured) throw new Error('the load generator measured nothing')
  return measured
}

/** The round with the middle throughput; wrong answers count from all of them. */
function middle(rounds: Measured[]): Measured {
  const sorted = rounds.toSorted((a, b) => a.perSecond - b.perSecond)
  const wrong = rounds.reduce((sum, round) => sum + round.wrong, 0)
  return { ...(sorted[Math.floor(sorted.length / 2)] as Measured), wrong }
}

async function report(rows: Row[]): Promise<void> {
  const machine = `${cpus()[0]?.model} × ${cpus().length}, Node ${process.versions.node}, ${pinned ? 'server on core 0, load on core 1' : 'not pinned to cores'}`
  const cells = rows.map(({ measure, latchkey, reference }) => [
    measure.name,
    ...[latchkey, reference].flatMap((one) =>
      one ? [rate(one), one.p50Ms.toFixed(1), one.p99Ms.toFixed(1)] : ['', '', ''],
    ),
    reference ? `${(latchkey.perSecond / reference.perSecond).toFixed(1)}×` : '',
    measure.wanted ? `${measure.wanted}×` : '',
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
  const results = rows.map(({ measure, ...measured }) => ({ name: measure.name, wanted: measure.wanted, ...measured }))
  await mkdir(join(root, 'artefacts'), { recursive: true })
  await writeFile(join(root, 'artefacts', 'bench.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`)
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
