import { styleText } from 'node:util'

/** Where a command reads its surroundings from and writes to; tests give their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  out(line: string): void
  err(line: string): void
  style: Style
}

/** Gives text a look, on a terminal that shows colors; elsewhere the text stays as it is. */
export type Style = (look: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'underline', text: string) => string

export const plainStyle: Style = (_, text) => text

export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process
  const colored = stdout.isTTY === true && stderr.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return {
    env,
    cwd: process.cwd(),
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    style: colored ? (look, text) => styleText(look, text) : plainStyle,
  }
}
