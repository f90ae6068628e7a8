import { styleText } from 'node:util'

/** The environment, working directory and output of a command, replaceable in tests. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  out(line: string): void
  err(line: string): void
  style: Style
}

/** Styles text on a terminal with colors; returns it unchanged otherwise. */
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
