import type { Problem } from '../kernel/config/problems.ts'
import { readSources, type Source, SourceError, type SourceOptions } from '../kernel/config/source.ts'
import type { Finding } from '../kernel/config/validate.ts'
import { type Namespace, type NamespacesSource, parseOpl } from '../permission/index.ts'
import { isNamespaceFile, parseNamespaceFile } from './namespace-files.ts'

/** A parsed model. */
export interface Model {
  namespaces: Namespace[]
  /** Problems at a key of the configuration. */
  findings: Finding[]
  /** Problems in a file that the configuration references. */
  problems: Problem[]
  /** Files and directories to watch. */
  files: string[]
}

/** Loads the namespaces that a configuration lists or references. */
export async function loadNamespaces(source: NamespacesSource | undefined, from: SourceOptions): Promise<Model> {
  const nothing: Model = { namespaces: [], findings: [], problems: [], files: [] }
  if (source === undefined) return nothing
  if (Array.isArray(source)) return { ...nothing, namespaces: source.map(({ name }) => ({ name, relations: [] })) }
  const { address, key, wanted, parse } =
    typeof source === 'string'
      ? { address: source, key: ['namespaces'], wanted: isNamespaceFile, parse: parseNamespaceFile }
      : { address: source.location, key: ['namespaces', 'location'], wanted: () => true, parse: parseModel }
  try {
    const { sources, files } = await readSources(address, wanted, from)
    const parsed = sources.map((one) => ({ ...one, ...parse(one) }))
    return {
      namespaces: parsed.flatMap(({ namespaces }) => namespaces),
      findings: parsed.flatMap(({ file, mistakes }) => (file ? [] : mistakes.map((one) => atKey(one, key)))),
      problems: parsed.flatMap(({ file, mistakes }) => (file ? mistakes.map((one) => ({ file, ...one })) : [])),
      files,
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return { ...nothing, findings: [{ path: key, expected: 'namespaces that can be read', found: error.message }] }
  }
}

/** Parses a namespace file, or returns its problems. */
export interface ParsedNamespaces {
  namespaces: Namespace[]
  mistakes: Omit<Problem, 'file'>[]
}

function parseModel({ text }: Source): ParsedNamespaces {
  const { namespaces, errors } = parseOpl(text)
  const mistakes = errors.map(({ message, start }) => ({
    line: start.line,
    // Columns of the parser are zero-based, as in Keto.
    column: start.column + 1,
    key: '',
    expected: 'the Ory Permission Language',
    found: `an error (${message.replace(/\.$/, '')})`,
  }))
  return { namespaces, mistakes }
}

/** A problem in an inline text is reported at its configuration key. */
function atKey({ line, column, key, expected, found }: Omit<Problem, 'file'>, path: string[]): Finding {
  const place = [`line ${line}, column ${column}`, ...(key === '' ? [] : [key])].join(', ')
  return { path, expected, found: `${found} at ${place}` }
}
