import { dirname, isAbsolute, join, resolve } from 'node:path'
import { parseOpl } from '@latchkey/server'
import { readBounded } from './file.ts'
import { isAbsent, type Value, type YamlSource } from './source.ts'

type Namespaces = ReturnType<typeof parseOpl>['namespaces']

/**
 * Parses the model of a test file, from another file (`model`) or inline (`opl`). Returns undefined if it is missing or
 * has errors, which are recorded with their location.
 */
export async function parseModel(
  source: YamlSource,
  { model, opl }: { model?: Value; opl?: Value },
  path: string,
): Promise<Namespaces | undefined> {
  if (isAbsent(model) === isAbsent(opl)) {
    return source.refuse(
      model ?? source.root,
      'A test file needs either model, the path of a file, or opl, an inline model.',
    )
  }
  if (isAbsent(model)) {
    const text = source.string(opl, 'opl')
    if (text === undefined) return undefined
    const { namespaces, errors } = parseOpl(text)
    for (const { message, start } of errors) {
      source.mistakes.push({ ...source.placeIn(opl, { line: start.line, column: start.column + 1 }), message })
    }
    return errors.length === 0 ? namespaces : undefined
  }
  const name = source.string(model, 'model')
  return name === undefined ? undefined : parseFile(source, model, { name, path: resolve(dirname(path), name) })
}

async function parseFile(
  source: YamlSource,
  value: Value,
  { name, path }: { name: string; path: string },
): Promise<Namespaces | undefined> {
  const { text, problem } = await readBounded(path)
  if (text === undefined) return source.refuse(value, `The model ${name} cannot be read: ${problem}.`)
  const { namespaces, errors } = parseOpl(text)
  const file = isAbsolute(name) ? name : join(dirname(source.file), name)
  for (const { message, start } of errors) {
    // Columns of the parser are zero-based, as in Keto; editors use one-based columns.
    source.mistakes.push({ file, line: start.line, column: start.column + 1, message })
  }
  return errors.length === 0 ? namespaces : undefined
}
