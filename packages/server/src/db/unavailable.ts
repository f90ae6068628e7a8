import { UnavailableError } from '../kernel/unavailable.ts'

/**
 * The error to throw for a failed statement: an UnavailableError if the database, and not the statement, is the reason;
 * other errors are unchanged.
 */
export function unavailableFrom(error: unknown): unknown {
  return isUnavailable(error)
    ? new UnavailableError('The database is temporarily unavailable.', { cause: error })
    : error
}

/** Whether the connection to PostgreSQL broke, so that it must be closed and the outcome of its statement is unknown. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return isState(code)
    ? lostStates.some((state) => code.startsWith(state))
    : lostMessages.test(error.message) || isSocketCode(code)
}

/** Whether PostgreSQL has no connection left for this client. */
export function isOutOfConnections(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === '53300'
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof UnavailableError) return false
  const code = codeOf(error)
  if (isState(code)) return passingStates.some((state) => code.startsWith(state)) || isConnectionLost(error)
  return isConnectionLost(error) || passingSqliteCodes.has(sqliteCodeOf(error) ?? 0)
}

/**
 * SQLSTATEs (PostgreSQL, appendix A), whole or by their class, of a connection that is gone: connection exceptions, a
 * transaction that idled too long, and the operator's intervention: shutdown, crash, start.
 */
const lostStates = ['08', '25P03', '57P01', '57P02', '57P03', '57P05']

/**
 * SQLSTATEs of what passes or needs an operator: a server that only reads, serialization failures and deadlocks,
 * exhausted resources (disk, memory, connections), locks and statements that took too long, errors of input and output.
 */
const passingStates = ['25006', '40001', '40P01', '53', '55P03', '57014', '57P04', '58']

/** What the driver says of a connection that broke, that took too long, or for which the pool had no room. */
const lostMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect|timeout expired)/

const socketCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
])

function isSocketCode(code: string): boolean {
  return socketCodes.has(code)
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

function isState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE'
}

/** BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN and PROTOCOL (https://www.sqlite.org/rescode.html). */
const passingSqliteCodes = new Set([5, 6, 7, 8, 10, 13, 14, 15])

/** Statements that return rows report their errors by message only. */
const sqliteMessages: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'database table is locked': 6,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'locking protocol': 15,
}

function sqliteCodeOf(error: Error): number | undefined {
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff
  return sqliteMessages[error.message]
}
