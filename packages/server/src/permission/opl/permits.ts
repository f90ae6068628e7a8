import { readExpression } from './expression.ts'
import { depthOf, flatten, maxLevels } from './group.ts'
import type { Relation } from './model.ts'
import type { Parsing, Source } from './source.ts'

/** Parses a block after the keyword `permits`. */
export function* readPermits(source: Source, namespace: string, relations: Relation[]): Parsing<void> {
  source.expect('=', '{')
  for (;;) {
    if (source.skipSign('}')) return
    const name = source.name('The name of a permission or "}"')
    readHead(source)
    const group = yield* readExpression(source, namespace, ',')
    // If there is no expression, Keto drops the permission and continues as if the block had ended.
    if (!group) return
    const rewrite = flatten(group)
    if (depthOf(rewrite) > maxLevels) source.references.push({ kind: 'unusable', at: name, because: 'too deep' })
    relations.push({ name: name.text, types: [], rewrite })
    yield 2
  }
}

/** `: (ctx: Context): boolean =>`, where both types are optional. */
function readHead(source: Source): void {
  source.expect(':', '(', 'ctx')
  source.accept(':', 'Context')
  source.expect(')')
  source.accept(':', 'boolean')
  source.expect('=>')
}
