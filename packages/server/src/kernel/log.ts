import { type DestinationStream, type Logger, pino } from 'pino'
import { formatters, type LogFormat } from './log-format.ts'

const levels = { panic: 'fatal', warning: 'warn' } as const

/** The names of fields with secrets, which are redacted. */
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

/** The `log` settings of a configuration file. */
export interface LogSettings {
  readonly level: string
  readonly format?: LogFormat | undefined
  /** The replacement of a secret. */
  readonly redaction_text?: string | undefined
}

/**
 * A structured logger that writes to standard output, by default as JSON lines. Lines are written asynchronously, so that
 * a slow consumer does not block requests, and flushed when the process exits.
 */
export function createLogger(settings: LogSettings, destination: DestinationStream = standardOutput()): Logger {
  const { format = 'json', redaction_text: redaction = '[secret]' } = settings
  const level = settings.level in levels ? levels[settings.level as keyof typeof levels] : settings.level
  // A separate path, because for wildcard paths the censor function does not receive the first name.
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

/** The `code` of an error is not a secret, unlike other fields of that name. */
function censorWith(redaction: string) {
  return (value: unknown, path: string[]): unknown => (path[0] === 'err' && path.at(-1) === 'code' ? value : redaction)
}

let output: ReturnType<typeof pino.destination> | undefined

/** One destination per process. Chunks that fit into a pipe's atomic write keep the lines of several workers separate. */
function standardOutput(): DestinationStream {
  if (!output) {
    const opened = pino.destination({ dest: 1, sync: false, maxWrite: 4096 })
    process.on('exit', () => opened.flushSync())
    output = opened
  }
  return output
}
