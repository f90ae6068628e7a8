/**
 * `npm test`: prepares missing dependencies, runs all tests, and lists skipped tests with the reason.
 * The last line is the number of golden recordings: `N passed, N failed`.
 *   npm test -- [--only unit|golden|walks|sdk|fuzz|browser|crash]…
 */
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import type { GoldenReport } from './golden.ts'
import { findChromium } from './stage/chromium.ts'
import { root } from './stage/latchkey.ts'
import { freshDatabase, startPostgres } from './stage/postgres.ts'
import type { Prepared } from './stage/prepared.ts'
import { findPython } from './stage/python.ts'
import { buildRust } from './stage/rust.ts'

const parts = ['unit', 'golden', 'walks', 'sdk', 'fuzz', 'browser', 'crash'] as const
type Part = (typeof parts)[number]

const { values: options } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
const wanted = (part: Part) => !options.only || options.only.includes(part)
const artefacts = join(root, 'artefacts')
const env: Record<string, string> = {}
const summary: string[] = []
const skipped: string[] = []
let failed = false

await mkdir(artefacts, { recursive: true })
const python = wanted('sdk') ? findPython() : undefined
const postgres = await startPostgres()
if (postgres.found) env.LATCHKEY_TEST_POSTGRES = postgres.found.url
else skip('everything on PostgreSQL', postgres)
if (wanted('unit') || wanted('browser')) await browser()
if (wanted('unit')) await vitest('unit')
const golden = wanted('golden') ? await recordings() : undefined
const rust = wanted('sdk') ? buildRust() : undefined
if (python) offer('LATCHKEY_TEST_PYTHON', 'ory-client for Python', await python)
if (rust) offer('LATCHKEY_TEST_RUST', 'ory-client for Rust', await rust)
for (const part of ['walks', 'sdk', 'fuzz', 'browser', 'crash'] as const) if (wanted(part)) await vitest(part)
await postgres.found?.stop()

console.log(`\n${'='.repeat(72)}`)
for (const line of summary) console.log(line)
console.log(skipped.length > 0 ? 'skipped:' : 'nothing was skipped')
for (const line of skipped) console.log(`  ${line}`)
console.log(failed ? 'FAILED' : 'passed')
if (golden) console.log(`${golden.passed} passed, ${golden.failed} failed`)
process.exit(failed ? 1 : 0)

function skip(what: string, { missing }: Prepared<unknown>): void {
  skipped.push(`${what}: ${missing}`)
}

function offer(name: string, what: string, prepared: Prepared<string>): void {
  if (prepared.found) env[name] = prepared.found
  else if (what) skip(what, prepared)
}

/** The tests of the pages package read `CHROMIUM_PATH`. */
async function browser(): Promise<void> {
  const chromium = await findChromium()
  offer('LATCHKEY_TEST_CHROMIUM', 'everything in a browser', chromium)
  offer('CHROMIUM_PATH', '', chromium)
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { name: string; assertionResults: { status: string }[] }[]
}

async function vitest(project: Part): Promise<void> {
  const file = join(artefacts, `vitest-${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const vite = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  await rm(file, { force: true })
  const { code } = await node([vite, 'run', '--project', project, '--passWithNoTests', ...reporters], 'shown')
  const report = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<VitestReport>
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = report
  failed ||= code !== 0
  for (const { name, assertionResults } of report.testResults ?? []) {
    const left = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').length
    if (left > 0)
      skipped.push(`${left} tests of ${relative(root, name)}: they lack what they need, or are switched off`)
  }
  const verdict = code === 0 ? '' : ' FAILED'
  summary.push(`${project}: ${numPassedTests} right, ${numFailedTests} wrong, ${numPendingTests} left out${verdict}`)
}

/** Runs on both databases concurrently, because scenarios mostly wait. A recording passes if it passes on both. */
async function recordings(): Promise<{ passed: number; failed: number }> {
  // One after the other: the scenarios of social sign-in start a provider on a port of their own.
  const reports = [await playGolden('SQLite', ['--dsn', 'memory'])]
  if (postgres.found) {
    const dsn = await freshDatabase(postgres.found.url)
    reports.push(await playGolden('PostgreSQL', ['--free-ports', '--dsn', dsn]))
  }
  const names = new Set(reports.flatMap((report) => [...report.passed, ...report.failed]))
  const wrong = [...names].filter((name) => reports.some((report) => report.failed.includes(name)))
  for (const line of new Set(reports.flatMap((report) => report.later))) skipped.push(`golden recording ${line}`)
  failed ||= wrong.length > 0 || names.size === 0
  return { passed: names.size - wrong.length, failed: wrong.length }
}

async function playGolden(database: string, args: string[]): Promise<GoldenReport> {
  const file = join(artefacts, `golden-${database}.json`)
  await rm(file, { force: true })
  const play = ['--import', 'tsx', '--conditions=development', join('test', 'golden.ts'), '--report', file, ...args]
  const { code, output } = await node(play, 'kept')
  // The count of one database would be mistaken for the total.
  console.log(`\ngolden recordings on ${database}\n${output.replace(/^\d+ passed, \d+ failed$/m, '')}`)
  const none: GoldenReport = { passed: [], failed: [`all on ${database}`], later: [] }
  const report: GoldenReport = await readFile(file, 'utf8').then(JSON.parse, () => none)
  failed ||= code !== 0
  summary.push(`golden recordings on ${database}: ${report.passed.length} right, ${report.failed.length} wrong`)
  return report
}

/** Runs Node and waits for its exit. The output is printed immediately or captured. */
function node(args: string[], output: 'shown' | 'kept'): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const out = output === 'shown' ? 'inherit' : 'pipe'
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', out, out],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
      })
    }
    child.once('error', () => resolve({ code: 1, output: text }))
    child.once('exit', (code) => resolve({ code: code ?? 1, output: text }))
  })
}
