import { extname } from 'node:path'
import { parse as parseToml, TomlError } from 'smol-toml'
import { type Document, parseText } from '../kernel/config/document.ts'
import { problemsOf } from '../kernel/config/part.ts'
import { ConfigError } from '../kernel/config/problems.ts'
import type { Source } from '../kernel/config/source.ts'
import { findings } from '../kernel/config/validate.ts'
import { namedNamespace } from '../permission/index.ts'
import type { ParsedNamespaces } from './namespaces.ts'

/**
 * Parses a legacy namespace file (before the Ory Permission Language): an object with a name, or a list of them, in YAML,
 * JSON or TOML. Such a namespace declares no relations.
 */
export function parseNamespaceFile({ text, file = '' }: Source): ParsedNamespaces {
  try {
    const document = file.endsWith('.toml') ? tomlDocument(text, file) : parseText(text, file)
    const isList = Array.isArray(document.value)
    const entries: unknown[] = Array.isArray(document.value) ? document.value : [document.value]
    const mistakes = entries.flatMap((entry, index) =>
      problemsOf(findings(namedNamespace, entry), document, isList ? [index] : []),
    )
    if (mistakes.length > 0) return { namespaces: [], mistakes }
    return { namespaces: (entries as { name: string }[]).map(({ name }) => ({ name, relations: [] })), mistakes }
  } catch (error) {
    if (error instanceof ConfigError) return { namespaces: [], mistakes: [...error.problems] }
    throw error
  }
}

/** In a directory, files with other extensions are ignored. */
export function isNamespaceFile(file: string): boolean {
  return ['.yaml', '.yml', '.json', '.toml'].includes(extname(file))
}

function tomlDocument(text: string, file: string): Document {
  try {
    return { file, value: parseToml(text), locate: () => ({ line: 1, column: 1 }) }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const found = `a mistake in the notation (${error.message.split('\n')[0]})`
    throw new ConfigError([{ file, line: error.line, column: error.column, key: '', expected: 'TOML', found }])
  }
}
