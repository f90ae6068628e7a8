import type { Fetch } from '../fetch.ts'
import { withDefaults } from './defaults.ts'
import type { Document, Path } from './document.ts'
import { applyEnvironment, type Environment, type Override } from './environment.ts'
import { ConfigError, type Problem } from './problems.ts'
import type { IdentityConfig } from './schema.ts'
import { convertUnits } from './units.ts'
import { type Finding, findings } from './validate.ts'
import { isTree, type Schema } from './walk.ts'

export interface LoadOptions {
  /** Reads what the configuration names over HTTP; by default one that honours `clients.http.disallow_private_ip_ranges`. */
  fetch?: Fetch
  /** Looks further than the schema can, such as into files that the configuration names. What it finds refuses it. */
  inspect?: (identity: IdentityConfig, from: { folder: string; fetch: Fetch }) => Promise<Finding[]>
}

/** One original's configuration: a file of its own, or its place in a project file. */
export interface Part {
  document: Document
  /** Where in the document it stands. */
  at: Path
  value: unknown
  env: Environment
  /** Relative addresses count from here. */
  folder: string
  options: LoadOptions
}

/**
 * Lays the environment over a part, completes it by the schema's defaults and checks it.
 * @returns its value, and what refuses the part for findings that are made later.
 * @throws ConfigError
 */
export function readPart<T>(schema: Schema, part: Part, prepare = (value: unknown) => value) {
  const { document, at, value, env } = part
  const { value: overlaid, overrides } = applyEnvironment(schema, isTree(value) ? value : {}, env)
  const raw = withDefaults(schema, prepare(overlaid))
  const refuseLater = (found: readonly Finding[], more: readonly Problem[] = []) =>
    refuse([...problemsOf(found, document, at, overrides), ...more])
  refuseLater(isTree(value) ? findings(schema, raw) : [notAMapping])
  return { value: convertUnits(schema, raw) as T, refuse: refuseLater }
}

const notAMapping: Finding = { path: [], expected: 'a mapping of keys', found: 'something else' }

/** Findings with the place of each: a line of the document, or the variable that put the value there. */
export function problemsOf(
  found: readonly Finding[],
  document: Document,
  at: Path = [],
  overrides: readonly Override[] = [],
): Problem[] {
  return found.map(({ path, expected, found }): Problem => {
    const key = [...at, ...path].join('.')
    const override = overrides.find((one) => one.path.every((part, index) => part === path[index]))
    if (override) return { file: 'environment', key: `${override.variable} (${key})`, expected, found }
    return { file: document.file, ...document.locate([...at, ...path]), key, expected, found }
  })
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

/** Waits for both, and tells the problems of both. */
export async function together<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  const settled = await Promise.allSettled([one, other])
  const refusals = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  if (refusals.length === 2 && refusals.every((each) => each instanceof ConfigError)) {
    throw new ConfigError(refusals.flatMap(({ problems }) => problems))
  }
  return Promise.all([one, other])
}
