import type { Body, Operand, Pipe } from './ast.ts'

interface Unknown {
  readonly name: string
  readonly line: number
}

/** The first field of the data itself that it cannot have. Fields of other values are known only when there is data. */
export function unknownField(body: Body, known: ReadonlyMap<string, unknown>, isRoot = true): Unknown | undefined {
  const inPipe = (pipe: Pipe | undefined) => pipe && unknownInPipe(pipe, known, isRoot)
  for (const statement of body) {
    const found = 'pipe' in statement ? inPipe(statement.pipe) : undefined
    if (found) return found
    if (!('otherwise' in statement)) continue
    const inBody = unknownField(statement.body, known, isRoot && statement.type === 'if')
    const inOther = inBody ?? unknownField(statement.otherwise, known, isRoot)
    if (inOther) return inOther
  }
  return undefined
}

function unknownInPipe(
  { commands, line }: Pipe,
  known: ReadonlyMap<string, unknown>,
  isRoot: boolean,
): Unknown | undefined {
  for (const operand of commands.flatMap(({ operands }) => operands)) {
    if (operand.type === 'pipe') {
      const found = unknownInPipe(operand.pipe, known, isRoot)
      if (found) return found
    }
    const name = rootField(operand, isRoot)
    if (name !== undefined && !known.has(name)) return { name, line }
  }
  return undefined
}

function rootField(operand: Operand, isRoot: boolean): string | undefined {
  if (operand.type !== 'fields') return undefined
  const { of, names } = operand
  const isData = (of.type === 'dot' && isRoot) || (of.type === 'variable' && of.name === '$')
  return isData ? names[0] : undefined
}
