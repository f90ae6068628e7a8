import type { Fetch } from '../fetch.ts'
import { withDefaults } from './defaults.ts'
import type { Document, Path } from './document.ts'
import { applyEnvironment, type Environment, type Override, put } from './environment.ts'
import { ConfigError, type Notice, type Problem } from './problems.ts'
import { type UnsupportedKey, unsupportedKeys } from './support.ts'
import { convertUnits } from './units.ts'
import { type Finding, findings } from './validate.ts'
import { isTree, type Schema } from './walk.ts'

export interface LoadOptions {
  /** Reads what the configuration names over HTTP; by default one that honors `clients.http.disallow_private_ip_ranges`. */
  fetch?: Fetch
  /** Features that are switched on in the configuration, are not there yet, and are done without. */
  without?: readonly string[]
}

/** One original's configuration: a file of its own, or its place in a project file. */
export interface Part {
  document: Document
  /** Where in the document it stands. */
  at: Path
  value: unknown
  env: Environment
  /** Relative addresses count from here; without it the configuration may name no file at all. */
  folder: string | undefined
  options: LoadOptions
}

/**
 * Lays the environment over a part, completes it by the schema's defaults and checks it.
 * @returns its value, what is used in it and not supported, and a way to report what is found out later.
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
  refuseNow([...(isTree(value) ? findings(schema, raw) : [notAMapping]), ...refused.map(refusal)])
  const notices = noticesOf(
    unsupported.filter((key) => !refused.includes(key)),
    document,
    at,
    overrides,
  )
  return { value: convertUnits(schema, raw) as T, notices, refuse: refuseNow }
}

/** What is used and not supported, with the place of each. */
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

/** Findings with the place of each. */
export function problemsOf(
  found: readonly Finding[],
  document: Document,
  at: Path = [],
  overrides: readonly Override[] = [],
): Problem[] {
  return found.map(({ path, expected, found }) => ({ ...placeOf(path, document, at, overrides), expected, found }))
}

/** The line of the document that a key stands in, or the variable that put it there. */
function placeOf(path: Path, document: Document, at: Path, overrides: readonly Override[]): Omit<Notice, 'text'> {
  const key = [...at, ...path].join('.')
  const override = overrides.find((one) => one.path.every((part, index) => part === path[index]))
  if (override) return { file: 'environment', key: `${override.variable} (${key})` }
  return { file: document.file, ...document.locate([...at, ...path]), key }
}

/** @throws ConfigError where there is a problem: file after file, each in the order of its lines. */
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
 * Waits for all.
 * @throws ConfigError with the problems of all, or whatever else went wrong first.
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
