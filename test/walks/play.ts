import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { goldenDir, type Latchkey } from '../stage/latchkey.ts'
import type { WalkSuite } from './suites.ts'

/** The agreement between a server and the recordings. */
export interface WalkResult {
  /** Steps that are equal before the first difference of each walk. */
  steps: number
  allSteps: number
  allWalks: number
  /** The seeds of the walks with a difference. */
  different: number[]
  /** The first differences, as printed by the player. */
  report: string
}

type Target = Pick<Latchkey, 'public' | 'admin'>

/**
 * Replays walks of a suite, all of them or those with the seeds from 1 to `upTo`, against a server that sends its email
 * to this port on loopback. A walk with a difference is played again alone, since a busy machine may delay an email or
 * refuse a sign-in; the better result counts.
 */
export async function playWalks(
  suite: WalkSuite,
  server: Target,
  smtpPort: number,
  upTo?: number,
): Promise<WalkResult> {
  const play = async (seeds: string | undefined) =>
    read(await runPlayer(playerArguments(suite, server, smtpPort, seeds)))
  const result = await play(upTo === undefined ? undefined : `1-${upTo}`)
  const reports = [result.report]
  const different: number[] = []
  let { steps } = result
  for (const [seed, alike] of result.differences) {
    const again = await play(`${seed}-${seed}`)
    steps += Math.max(0, again.steps - alike)
    if (again.differences.size === 0) continue
    different.push(seed)
    reports.push(again.report)
  }
  const { allSteps, allWalks } = result
  return { steps, allSteps, allWalks, different, report: reports.join('\n') }
}

function playerArguments(
  { name, walk, original }: WalkSuite,
  server: Target,
  smtpPort: number,
  seeds?: string,
): string[] {
  return [
    ...['check', '--walk', walk, '--suite', name, '--smtp', original === 'hydra' ? 'none' : String(smtpPort)],
    ...['--public', server.public, '--admin', server.admin],
    ...['--deviations', join(goldenDir, 'walk-deviations.json'), '--walks', '1000'],
    // Walks mostly wait for email that is never sent; more at once would wait longer for a password than the server allows.
    ...['--at-once', '5', ...(seeds ? ['--seeds', seeds] : [])],
  ]
}

function read(report: string) {
  const [steps, allSteps] = counts(report, /^(\d+) of (\d+) steps alike/m)
  const [passed, failed] = counts(report, /^(\d+) passed, (\d+) failed$/m)
  const told = [...report.matchAll(/^✗ seed (\d+), step (\d+) of/gm)]
  /** By seed the number of steps before the first difference. */
  const differences = new Map(told.map(([, seed, step]) => [Number(seed), Number(step) - 1]))
  if (differences.size !== failed) throw new Error(`not every difference was told:\n${report.slice(-4000)}`)
  return { report, steps, allSteps, allWalks: passed + failed, differences }
}

/** Describes by how much a result is below the required minimum; undefined if it is not. */
export function shortfall({ name, least }: WalkSuite, result: WalkResult): string | undefined {
  if (result.steps >= least.steps && result.allWalks - result.different.length >= least.walks) return undefined
  return `${name}: ${summary(result)}, at least ${least.steps} steps and ${least.walks} walks were expected`
}

export function summary({ steps, allSteps, different, allWalks }: WalkResult): string {
  const others = different.length === 0 ? '' : ` (different: seeds ${different.join(', ')})`
  return `${steps} of ${allSteps} steps and ${allWalks - different.length} of ${allWalks} walks alike${others}`
}

function counts(report: string, pattern: RegExp): [number, number] {
  const [, first, second] = pattern.exec(report) ?? []
  if (first === undefined || second === undefined) throw new Error(`the walks were not played:\n${report.slice(-4000)}`)
  return [Number(first), Number(second)]
}

function runPlayer(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(process.execPath, [join(goldenDir, 'wander.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}
