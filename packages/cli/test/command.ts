import { run } from '../src/run.ts'
import { plainStyle, type Style, type Terminal } from '../src/terminal.ts'

/** What a command told. */
export interface Told {
  status: number | undefined
  out: string
  err: string
}

/** Runs a command in this process, in a folder. */
export async function command(
  args: string[],
  { cwd, env = {}, style = plainStyle }: { cwd: string; env?: Terminal['env']; style?: Style },
): Promise<Told> {
  const out: string[] = []
  const err: string[] = []
  const terminal: Terminal = {
    env,
    cwd,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    style,
  }
  const status = await run(args, terminal)
  return { status, out: out.join('\n'), err: err.join('\n') }
}
