import { join } from 'node:path'
import ts from 'typescript'
import { root } from './latchkey.ts'

/** The types on which code reads a property, by property name. */
type Reads = ReadonlyMap<string, readonly ts.Type[]>

/**
 * The types of a program, and the properties of them that its code reads. `readers` matches the files whose reads of
 * these names count; `copiers` matches those where destructuring does not count, because they only pass properties on.
 */
export function propertyReads(files: readonly string[], options: ReadOptions) {
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    compilerOptions(),
  )
  const checker = program.getTypeChecker()
  const reads = collectReads(program, checker, options)
  return {
    /** The type that a file exports under a name. */
    exportedType(file: string, name: string): ts.Type {
      const source = program.getSourceFile(join(root, file))
      const module = source && checker.getSymbolAtLocation(source)
      const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name)
      if (!symbol) throw new Error(`${file} exports no ${name}`)
      return checker.getDeclaredTypeOfSymbol(symbol)
    },
    /**
     * The type of a member: a property, `#` for the entries of a list, `*` for the values of a map, `[tag=value]` for a
     * branch of a union.
     */
    member: (type: ts.Type, step: string) => memberOf(checker, type, step),
    /** Whether any code reads the property on a type that this type is assignable to. */
    isRead(owner: ts.Type, name: string): boolean {
      const owners = partsOf(checker, owner).filter((part) => checker.getPropertyOfType(part, name))
      return owners.some((part) => (reads.get(name) ?? []).some((type) => checker.isTypeAssignableTo(part, type)))
    },
  }
}

interface ReadOptions {
  readonly names: ReadonlySet<string>
  readonly readers: RegExp
  readonly copiers: RegExp
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json')
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(file, ts.sys.readFile).config, ts.sys, root)
  return { ...options, skipLibCheck: true }
}

function collectReads(program: ts.Program, checker: ts.TypeChecker, { names, readers, copiers }: ReadOptions): Reads {
  const reads = new Map<string, Set<ts.Type>>()
  const record = (name: string, owner: ts.Node) => {
    // Resolving types is slow.
    if (!names.has(name)) return
    const known = reads.get(name) ?? new Set<ts.Type>()
    for (const one of partsOf(checker, checker.getTypeAtLocation(owner))) {
      if ((one.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) === 0 && checker.getPropertyOfType(one, name))
        known.add(one)
    }
    reads.set(name, known)
  }
  for (const source of program.getSourceFiles()) {
    if (!readers.test(source.fileName)) continue
    const copies = copiers.test(source.fileName)
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node)) record(node.name.text, node.expression)
      else if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
        record(node.argumentExpression.text, node.expression)
      } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && !copies) {
        const name = node.propertyName ?? node.name
        if (ts.isIdentifier(name) || ts.isStringLiteral(name)) record(name.text, node.parent)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return new Map([...reads].map(([name, types]) => [name, [...types]]))
}

function memberOf(checker: ts.TypeChecker, type: ts.Type, step: string): ts.Type | undefined {
  const parts = partsOf(checker, type)
  if (step === '#')
    return parts
      .filter((part) => checker.isArrayType(part))
      .map((part) => checker.getIndexTypeOfType(part, ts.IndexKind.Number))[0]
  if (step === '*') return parts.map((part) => checker.getIndexTypeOfType(part, ts.IndexKind.String))[0]
  const [, tag, values] = /^\[(\w+)=(.+)\]$/.exec(step) ?? []
  if (tag && values) {
    const value = values.split('|')[0]
    return parts.find((branch) => {
      const property = checker.getPropertyOfType(branch, tag)
      const literal = property && checker.getTypeOfSymbol(property)
      const all = literal?.isUnion() ? literal.types : [literal]
      return all.some((one) => one?.isStringLiteral() && one.value === value)
    })
  }
  for (const part of parts) {
    const property = checker.getPropertyOfType(part, step)
    if (property) return checker.getTypeOfSymbol(property)
  }
  return undefined
}

function partsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const whole = checker.getNonNullableType(type)
  return whole.isUnion() ? whole.types : [whole]
}
