import { type DestinationStream, type Logger, pino } from 'pino'
import { formatters, type LogFormat } from './log-format.ts'

const levels = { panic: 'fatal', warning: 'warn' } as const

/** Names under which secrets travel; they are never written. */
const secret = [
  'password',
  'token',
  'session_token',
  'code',
  'cookie',
  'set-cookie',
  'authorization',
  'csrf_token',
  'secret',
]

/** As in the `log` of a configuration file. */
export interface LogSettings {
  readonly level: string
  readonly format?: LogFormat | undefined
  /** What is written in place of a secret. */
  readonly redaction_text?: string | undefined
}

/**
 * A structured logger that writes to standard output, JSON lines unless another format is set. Lines are written in the
 * background, so that a slow reader holds up no request, and the rest when the process ends.
 */
export function createLogger(settings: LogSettings, destination: DestinationStream = standardOutput()): Logger {
  const { format = 'json', redaction_text: redaction = '[secret]' } = settings
  const level = settings.level in levels ? levels[settings.level as keyof typeof levels] : settings.level
  // A path of its own, since below a wildcard the censor is not told the first name of a path.
  const paths = ['err.code', ...secret.map((name) => (/\W/.test(name) ? `["${name}"]` : name)).flatMap(below)]
  return pino({ level, redact: { paths, censor: censorWith(redaction) }, base: null }, inFormat(format, destination))
}

function inFormat(format: LogFormat, destination: DestinationStream): DestinationStream {
  if (format === 'json') return destination
  const formatted = formatters[format]
  return { write: (line) => destination.write(formatted(line)) }
}

function below(name: string): string[] {
  const dotted = name.startsWith('[') ? name : `.${name}`
  return [name, `*${dotted}`, `*.*${dotted}`]
}

/** What an error of Node, of the database or of the API calls its code is no secret. */
function censorWith(redaction: string) {
  return (value: unknown, path: string[]): unknown => (path[0] === 'err' && path.at(-1) === 'code' ? value : redaction)
}

let output: ReturnType<typeof pino.destination> | undefined

/** One for the process. Pieces that a pipe takes whole keep the lines of several workers apart. */
function standardOutput(): DestinationStream {
  if (!output) {
    const opened = pino.destination({ dest: 1, sync: false, maxWrite: 4096 })
    process.on('exit', () => opened.flushSync())
    output = opened
  }
  return output
}
