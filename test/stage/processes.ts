import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The processes that a process has started. */
export async function childrenOf(parent: number): Promise<number[]> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  ps.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await once(ps, 'close')
  const rows = text.trim().split('\n')
  const pairs = rows.map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.flatMap(([pid, ppid]) => (ppid === parent && pid ? [pid] : []))
}
