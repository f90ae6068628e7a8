import type { Problem } from '../kernel/config/problems.ts'
import { readSources, type Source, SourceError, type SourceOptions } from '../kernel/config/source.ts'
import type { Finding } from '../kernel/config/validate.ts'
import { type Namespace, type NamespacesSource, parseOpl } from '../permission/index.ts'
import { isNamespaceFile, parseNamespaceFile } from './namespace-files.ts'

/** What was read of a model. */
export interface Model {
  namespaces: Namespace[]
  /** What is wrong at a key of the configuration. */
  findings: Finding[]
  /** What is wrong at a line of a file that the configuration names. */
  problems: Problem[]
  /** Files and folders to watch. */
  files: string[]
}

/** Reads the namespaces that a configuration lists, or that stand where it says. */
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

/** A file of namespaces, or why it is none. */
export interface ParsedNamespaces {
  namespaces: Namespace[]
  mistakes: Omit<Problem, 'file'>[]
}

function parseModel({ text }: Source): ParsedNamespaces {
  const { namespaces, errors } = parseOpl(text)
  const mistakes = errors.map(({ message, start }) => ({
    line: start.line,
    // The parser counts columns from nought, as Keto does.
    column: start.column + 1,
    key: '',
    expected: 'the Ory Permission Language',
    found: `a mistake (${message.replace(/\.$/, '')})`,
  }))
  return { namespaces, mistakes }
}

/** What is wrong in a text that has no file is told at the key that names it. */
function atKey({ line, column, key, expected, found }: Omit<Problem, 'file'>, path: string[]): Finding {
  const place = [`line ${line}, column ${column}`, ...(key === '' ? [] : [key])].join(', ')
  return { path, expected, found: `${found} at ${place}` }
}
