import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Load, Measured } from './load.ts'

/**
 * Runs a load with `wrk` (Debian's package of that name), one thread with 16 connections, as a user would measure. Its
 * process sleeps between responses. `prefix` pins it to a core.
 */
export async function runWrk(load: Load, prefix: readonly string[]): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-wrk-'))
  try {
    const script = join(folder, 'load.lua')
    await writeFile(script, scriptFor(load))
    const run = (ms: number) => {
      const duration = `${Math.max(1, Math.round(ms / 1000))}s`
      const command = [...prefix, 'wrk', '-t1', '-c16', '-d', duration, '-s', script, load.origin]
      const { stdout, stderr, status } = spawnSync(command[0] as string, command.slice(1), { encoding: 'utf8' })
      if (status !== 0) throw new Error(`wrk failed: ${stderr || stdout}`)
      return stdout
    }
    run(load.warmUpMs)
    const result = /^RESULT (.*)$/m.exec(run(load.durationMs))?.[1]
    if (result === undefined) throw new Error('wrk printed no result')
    return JSON.parse(result) as Measured
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** `wrk` sends what `request` returns. Latencies are in microseconds. */
function scriptFor({ requests, expect }: Load): string {
  const list = requests.map((request) => `  [==[${request.replaceAll('\r\n', '\\r\\n')}]==],`).join('\n')
  return `local requests = {
${list}
}
for i, text in ipairs(requests) do requests[i] = text:gsub("\\\\r\\\\n", "\\r\\n") end
local next = 0
local number = 1000000 + os.time() % 8000000
wrong = 0
function setup(thread) worker = thread end
function request()
  next = next % #requests + 1
  local text = requests[next]
  if text:find("$N", 1, true) then
    number = number + 1
    text = text:gsub("%$N", tostring(number))
  end
  return text
end
${expect === 200 ? '' : `function response(status) if status ~= ${expect} then wrong = wrong + 1 end end`}
function done(summary, latency)
  local errors = summary.errors
  local all = errors.connect + errors.read + errors.write + errors.timeout
  local bad = all + ${expect === 200 ? 'errors.status' : 'worker:get("wrong")'}
  print(string.format(
    'RESULT {"perSecond":%f,"p50Ms":%f,"p99Ms":%f,"count":%d,"wrong":%d}',
    summary.requests * 1000000 / summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.requests, bad))
end
`
}
