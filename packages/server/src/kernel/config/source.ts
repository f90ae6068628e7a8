import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Fetch } from '../fetch.ts'

/** A source that cannot be read; the message says why, in words that follow "found". */
export class SourceError extends Error {}

export interface SourceOptions {
  /** The folder that relative `file://` addresses count from. */
  folder: string
  fetch: Fetch
  maxBytes?: number
  timeoutMs?: number
}

/**
 * Reads what a `file://`, `base64://` or `http(s)://` address of the configuration stands for.
 * @throws SourceError for another scheme, a missing file, a failed request or more than `maxBytes` (1 MiB).
 */
export async function readSource(url: string, options: SourceOptions): Promise<string> {
  const maxBytes = options.maxBytes ?? 1 << 20
  const text = await read(url, { ...options, maxBytes })
  if (Buffer.byteLength(text) > maxBytes) throw new SourceError(`more than ${maxBytes} bytes`)
  return text
}

/** The file that a `file://` address means, or undefined for another scheme. */
export function sourceFile(url: string, folder: string): string | undefined {
  if (!url.startsWith('file://')) return undefined
  const path = url.slice('file://'.length)
  try {
    return resolve(folder, decodeURIComponent(path))
  } catch {
    return resolve(folder, path)
  }
}

async function read(url: string, options: SourceOptions & { maxBytes: number }): Promise<string> {
  const file = sourceFile(url, options.folder)
  if (file) return readBounded(file, options.maxBytes)
  if (url.startsWith('base64://')) return Buffer.from(url.slice('base64://'.length), 'base64').toString('utf8')
  if (!/^https?:\/\//.test(url)) throw new SourceError('a scheme other than file, base64, http and https')
  const { timeoutMs = 10_000, maxBytes } = options
  const answer = await options.fetch(url, { timeoutMs, maxBytes }).catch((error: Error) => {
    throw new SourceError(`an address that cannot be read (${error.message})`)
  })
  if (answer.status !== 200) throw new SourceError(`an address that answers with status ${answer.status}`)
  return answer.text
}

async function readBounded(file: string, maxBytes: number): Promise<string> {
  const status = await stat(file).catch(() => undefined)
  if (!status?.isFile()) throw new SourceError(`no file ${file}`)
  if (status.size > maxBytes) throw new SourceError(`a file of more than ${maxBytes} bytes`)
  return readFile(file, 'utf8')
}
