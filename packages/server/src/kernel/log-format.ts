import { hostname } from 'node:os'

/** The formats of log lines; the default is JSON. */
export const logFormats = ['json', 'json_pretty', 'gelf', 'text'] as const

export type LogFormat = (typeof logFormats)[number]

type Fields = Record<string, unknown>

/** Converts a JSON line of pino to another format. */
export const formatters: Record<Exclude<LogFormat, 'json'>, (line: string) => string> = {
  json_pretty: (line) => `${JSON.stringify(JSON.parse(line), null, 2)}\n`,
  text: (line) => textLine(JSON.parse(line)),
  gelf: (line) => gelfLine(JSON.parse(line)),
}

interface Level {
  readonly name: string
  /** RFC 5424, section 6.2.1. */
  readonly severity: number
}

/** By pino's numeric levels. */
const levels: Record<number, Level> = {
  10: { name: 'trace', severity: 7 },
  20: { name: 'debug', severity: 7 },
  30: { name: 'info', severity: 6 },
  40: { name: 'warning', severity: 4 },
  50: { name: 'error', severity: 3 },
  60: { name: 'fatal', severity: 2 },
}

const unknownLevel: Level = { name: 'info', severity: 6 }

/** `time=… level=… msg=… key=value`, values quoted if necessary (logfmt). */
function textLine({ time, level, msg, ...fields }: Fields): string {
  const head = { time: new Date(Number(time)).toISOString(), level: levelOf(level).name, msg: msg ?? '' }
  const pairs = Object.entries({ ...head, ...fields }).filter(([, value]) => value !== undefined)
  return `${pairs.map(([key, value]) => `${key}=${textValue(value)}`).join(' ')}\n`
}

function textValue(value: unknown): string {
  const text = plainValue(value)
  return /^[\w./:@^+-]+$/.test(text) ? text : JSON.stringify(text)
}

/** Graylog Extended Log Format 1.1: one object per line, additional fields prefixed with an underscore. */
function gelfLine({ time, level, msg, ...fields }: Fields): string {
  const additional = Object.entries(fields).map(([key, value]) => {
    // `_id` is reserved.
    const name = key === 'id' ? '__id' : `_${key.replace(/[^\w.-]/g, '_')}`
    return [name, typeof value === 'number' ? value : plainValue(value)]
  })
  const message = {
    version: '1.1',
    host: hostname(),
    short_message: String(msg || 'no message'),
    timestamp: Number(time) / 1000,
    level: levelOf(level).severity,
    ...Object.fromEntries(additional),
  }
  return `${JSON.stringify(message)}\n`
}

function plainValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function levelOf(level: unknown): Level {
  return levels[Number(level)] ?? unknownLevel
}
