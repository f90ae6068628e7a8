import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Fetch } from '../fetch.ts'

/** A source that cannot be read. The message completes the phrase "found …". */
export class SourceError extends Error {}

export interface SourceOptions {
  /** The base directory of relative `file://` URLs; if undefined, files are not allowed. */
  folder: string | undefined
  fetch: Fetch
  maxBytes?: number
  timeoutMs?: number
}

/**
 * Reads the content of a `file://`, `base64://` or `http(s)://` URL in the configuration.
 * @throws SourceError for another scheme, a missing file, a failed request or more than `maxBytes` (1 MiB).
 */
export async function readSource(url: string, options: SourceOptions): Promise<string> {
  const maxBytes = options.maxBytes ?? 1 << 20
  const text = await read(url, { ...options, maxBytes })
  if (Buffer.byteLength(text) > maxBytes) throw new SourceError(`more than ${maxBytes} bytes`)
  return text
}

/** A text and its file; the file is undefined for other URL schemes. */
export interface Source {
  text: string
  file?: string
}

/**
 * Reads the content of a URL. For a directory, reads all files in it recursively, except hidden ones, sorted by name.
 * `files` are the paths to watch; directories end with a slash.
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
  if (depth > deepestFolder) throw new SourceError(`folders nested more than ${deepestFolder} levels deep`)
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

/** The path of a `file://` URL; undefined for another scheme. */
export function sourceFile(url: string, folder: string | undefined): string | undefined {
  if (folder === undefined || !url.startsWith('file://')) return undefined
  const path = url.slice('file://'.length)
  try {
    return resolveFile(decodeURIComponent(path), folder)
  } catch {
    return resolveFile(path, folder)
  }
}

/**
 * The path of a file or folder that a configuration names. A relative one is looked for in the folder of the
 * configuration, and then in the working directory, as in the originals.
 */
export function resolveFile(path: string, folder: string): string {
  const beside = resolve(folder, path)
  const inWorkingDirectory = resolve(path)
  return !existsSync(beside) && existsSync(inWorkingDirectory) ? inWorkingDirectory : beside
}

async function read(url: string, options: SourceOptions & { maxBytes: number }): Promise<string> {
  const file = sourceFile(url, options.folder)
  if (file) return readBounded(file, options.maxBytes)
  if (url.startsWith('file://')) throw new SourceError('a file URL, which is allowed only in configuration files')
  if (url.startsWith('base64://')) return Buffer.from(url.slice('base64://'.length), 'base64').toString('utf8')
  if (!/^https?:\/\//.test(url)) throw new SourceError('a scheme other than file, base64, http and https')
  const { timeoutMs = 10_000, maxBytes } = options
  const answer = await options.fetch(url, { timeoutMs, maxBytes }).catch((error: Error) => {
    throw new SourceError(`a URL that cannot be fetched (${error.message})`)
  })
  if (answer.status !== 200) throw new SourceError(`a URL that returns status ${answer.status}`)
  return answer.text
}

async function readBounded(file: string, maxBytes: number): Promise<string> {
  const status = await stat(file).catch(() => undefined)
  if (!status?.isFile()) throw new SourceError(`no file ${file}`)
  if (status.size > maxBytes) throw new SourceError(`a file of more than ${maxBytes} bytes`)
  return readFile(file, 'utf8')
}
