import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Fetch } from '../fetch.ts'

/** A source that cannot be read; the message says why, in words that follow "found". */
export class SourceError extends Error {}

export interface SourceOptions {
  /** The folder that relative `file://` addresses count from; without it there are no files. */
  folder: string | undefined
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

/** A text and the file it stands in; none for what came from elsewhere. */
export interface Source {
  text: string
  file?: string
}

/**
 * Reads what an address stands for, and where it is a folder all files in it and in the folders below it, but for hidden
 * ones, in the order of their names. `files` are those to watch; a folder among them ends with a slash.
 * @throws SourceError
 */
export async function readSources(
  url: string,
  wanted: (file: string) => boolean,
  options: SourceOptions,
): Promise<{ sources: Source[]; files: string[] }> {
  const top = sourceFile(url, options.folder)
  if (!top) return { sources: [{ text: await readSource(url, options) }], files: [] }
  const status = await stat(top).catch(() => undefined)
  const entries = status?.isDirectory() ? await listFolder(top) : [top]
  const chosen = entries.filter((entry) => !entry.endsWith('/') && (entry === top || wanted(entry)))
  const texts = await Promise.all(chosen.map((file) => readSource(pathToFileURL(file).href, options)))
  const sources = chosen.map((file, index) => ({ file, text: texts[index] ?? '' }))
  return { sources, files: [...entries.filter((entry) => entry.endsWith('/')), ...chosen] }
}

const mostFiles = 1000
const deepestFolder = 8

async function listFolder(folder: string, depth = 0): Promise<string[]> {
  if (depth > deepestFolder) throw new SourceError(`folders more than ${deepestFolder} deep in each other`)
  const all = await readdir(folder).catch((error: Error) => {
    throw new SourceError(`a folder that cannot be read (${error.message})`)
  })
  const names = all.filter((name) => !name.startsWith('.')).sort()
  const found = [`${folder}/`]
  for (const name of names) {
    const path = join(folder, name)
    const status = await stat(path).catch(() => undefined)
    if (status?.isDirectory()) found.push(...(await listFolder(path, depth + 1)))
    else if (status?.isFile()) found.push(path)
    if (found.length > mostFiles) throw new SourceError(`more than ${mostFiles} files`)
  }
  return found
}

/** The file that a `file://` address means, or undefined for another scheme. */
export function sourceFile(url: string, folder: string | undefined): string | undefined {
  if (folder === undefined || !url.startsWith('file://')) return undefined
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
  if (url.startsWith('file://')) throw new SourceError('a file, which only files of the server may name')
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
