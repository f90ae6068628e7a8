import { type Logger, pino } from 'pino'

const levels = { panic: 'fatal', warning: 'warn' } as const

/** Names under which secrets travel; they are never written. */
const secret = ['password', 'token', 'session_token', 'code', 'cookie', 'authorization', 'csrf_token', 'secret']

/** A structured logger that writes JSON lines to standard output. */
export function createLogger(settings: { level: string }): Logger {
  const level = settings.level in levels ? levels[settings.level as keyof typeof levels] : settings.level
  const paths = secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino({ level, redact: { paths, censor: '[secret]' }, base: null })
}
