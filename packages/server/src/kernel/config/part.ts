import type { Fetch } from '../fetch.ts'
import { withDefaults } from './defaults.ts'
import type { Document, Path } from './document.ts'
import { applyEnvironment, type Environment, type Override, put } from './environment.ts'
import { filePathFindings } from './file-paths.ts'
import { ConfigError, type Notice, type Problem } from './problems.ts'
import { type UnsupportedKey, unsupportedKeys } from './support.ts'
import { convertUnits } from './units.ts'
import { type Finding, findings } from './validate.ts'
import { isTree, type Schema, type Tree } from './walk.ts'

export interface LoadOptions {
  /** Fetches files that the configuration references; by default honors `clients.http.disallow_private_ip_ranges`. */
  fetch?: Fetch
  /** Unsupported features that are disabled although the configuration enables them. */
  without?: readonly string[]
}

/** The configuration of one original: its own file, or its part of a project file. */
export interface Part {
  document: Document
  /** The path of the part in the document. */
  at: Path
  value: unknown
  env: Environment
  /** The base directory of relative URLs; if undefined, the configuration cannot reference files. */
  folder: string | undefined
  options: LoadOptions
  /** What the rest of the project implies for keys that the part does not set. */
  implied?: Tree
  /** The public URL of the sign-in in the same process, if another file configures one. */
  signInUrl?: string | undefined
}

/**
 * Applies environment variables and defaults to a part and validates it.
 * @returns its value, its unsupported keys, and functions to report problems found later
 * @throws ConfigError
 */
export function parsePart<T>(schema: Schema, part: Part, prepare = (value: unknown) => value) {
  const { document, at, value, env, options } = part
  const { value: overlaid, overrides } = applyEnvironment(schema, isTree(value) ? value : {}, env)
  const unsupported = unsupportedKeys(schema, overlaid)
  const acknowledged = unsupported.filter(({ without }) => without !== undefined && options.without?.includes(without))
  const disabled = acknowledged.reduce<unknown>((tree, { path }) => put(tree, path, false), overlaid)
  const raw = withDefaults(schema, prepare(disabled))
  const refuseNow = (found: readonly Finding[], more: readonly Problem[] = []) =>
    refuse([...problemsOf(found, document, at, overrides), ...more])
  const refused = unsupported.filter((key) => key.refused && !acknowledged.includes(key))
  const notAMapping: Finding = { path: [], expected: 'a mapping of keys', found: 'something else' }
  const files = part.folder === undefined ? filePathFindings(schema, raw) : []
  refuseNow([...(isTree(value) ? findings(schema, raw) : [notAMapping]), ...files, ...refused.map(refusal)])
  const notices = noticesOf(
    unsupported.filter((key) => !refused.includes(key)),
    document,
    at,
    overrides,
  )
  return { value: convertUnits(schema, raw) as T, notices, refuse: refuseNow }
}

/** Notices for the unsupported keys in use, with their locations. */
export function noticesOf(
  keys: readonly UnsupportedKey[],
  document: Document,
  at: Path = [],
  overrides: readonly Override[] = [],
): Notice[] {
  return keys.map((key) => ({ ...placeOf(key.path, document, at, overrides), text: noticeText(key) }))
}

function refusal({ path, reason, without }: UnsupportedKey): Finding {
  if (without === undefined) return { path, expected: `no value, as it is not supported yet: ${reason}`, found: 'one' }
  return {
    path,
    expected: `false, as ${without} is not supported yet (--without ${without} disables it)`,
    found: 'true',
  }
}

function noticeText({ reason, without }: UnsupportedKey): string {
  if (without !== undefined) return `not supported yet; disabled by --without ${without}`
  return reason ? `not supported yet: ${reason}` : 'not supported yet'
}

/** Problems for findings, with their locations. */
export function problemsOf(
  found: readonly Finding[],
  document: Document,
  at: Path = [],
  overrides: readonly Override[] = [],
): Problem[] {
  return found.map(({ path, expected, found }) => ({ ...placeOf(path, document, at, overrides), expected, found }))
}

/** The location of a key in the document, or the environment variable that set it. */
function placeOf(path: Path, document: Document, at: Path, overrides: readonly Override[]): Omit<Notice, 'text'> {
  const key = [...at, ...path].join('.')
  const override = overrides.find((one) => one.path.every((part, index) => part === path[index]))
  if (override) return { file: 'environment', key: `${override.variable} (${key})` }
  return { file: document.file, ...document.locate([...at, ...path]), key }
}

/** @throws ConfigError if there are problems, sorted by file and line */
export function refuse(problems: readonly Problem[]) {
  if (problems.length === 0) return
  const files = [...new Set(problems.map(({ file }) => file))]
  const rank = ({ file, line }: Problem) => (line === undefined ? -1 : files.indexOf(file))
  throw new ConfigError(
    [...problems].sort(
      (a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    ),
  )
}

/**
 * Waits for all parts.
 * @throws ConfigError with the problems of all parts, or the first other error
 */
export async function allParts<T>(parts: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(parts)
  const reasons = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  const unexpected = reasons.find((each) => !(each instanceof ConfigError))
  if (unexpected !== undefined) throw unexpected
  const refusals = reasons.filter((each) => each instanceof ConfigError)
  if (refusals.length > 0) throw new ConfigError(refusals.flatMap(({ problems }) => problems))
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}
