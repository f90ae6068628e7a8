import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { goldenDir, type Latchkey } from '../stage/latchkey.ts'
import type { WalkSuite } from './suites.ts'

/** The agreement between a server and the recordings. */
export interface WalkResult {
  steps: number
  allSteps: number
  walks: number
  allWalks: number
  /** The first differences, as printed by the player. */
  report: string
}

/** Replays all walks of a suite against a server that sends its email to this port on loopback. */
export async function playWalks(
  { name, walk }: WalkSuite,
  server: Pick<Latchkey, 'public' | 'admin'>,
  smtpPort: number,
): Promise<WalkResult> {
  const report = await runPlayer([
    ...['check', '--walk', walk, '--suite', name, '--smtp', String(smtpPort)],
    ...['--public', server.public, '--admin', server.admin],
    ...['--deviations', join(goldenDir, 'walk-deviations.json'), '--walks', '5'],
    // Walks mostly wait for email that is never sent; more at once would wait longer for a password than the server allows.
    ...['--at-once', '5'],
  ])
  const [steps, allSteps] = counts(report, /^(\d+) of (\d+) steps alike/m)
  const [walks, failed] = counts(report, /^(\d+) passed, (\d+) failed$/m)
  return { steps, allSteps, walks, allWalks: walks + failed, report }
}

/** Describes by how much a result is below the required minimum; undefined if it is not. */
export function shortfall({ name, least }: WalkSuite, result: WalkResult): string | undefined {
  if (result.steps >= least.steps && result.walks >= least.walks) return undefined
  return `${name}: ${summary(result)}, at least ${least.steps} steps and ${least.walks} walks were expected`
}

export function summary({ steps, allSteps, walks, allWalks }: WalkResult): string {
  return `${steps} of ${allSteps} steps and ${walks} of ${allWalks} walks alike`
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
