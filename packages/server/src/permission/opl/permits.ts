import { readExpression } from './expression.ts'
import { depthOf, flattened, mostLevels } from './group.ts'
import type { Relation } from './model.ts'
import type { Source } from './source.ts'

/** What follows the word `permits`. */
export function readPermits(source: Source, namespace: string, relations: Relation[]): void {
  source.expect('=', '{')
  for (;;) {
    if (source.took('}')) return
    const name = source.name('The name of a permission or "}"')
    readHead(source)
    const group = readExpression(source, namespace, ',')
    // Without an expression Keto drops the permission and goes on as if the block had ended.
    if (!group) return
    const rewrite = flattened(group)
    if (depthOf(rewrite) > mostLevels) source.references.push({ kind: 'unusable', at: name, because: 'too deep' })
    relations.push({ name: name.text, types: [], rewrite })
  }
}

/** `: (ctx: Context): boolean =>`, of which both types may be left out. */
function readHead(source: Source): void {
  source.expect(':', '(', 'ctx')
  source.accept(':', 'Context')
  source.expect(')')
  source.accept(':', 'boolean')
  source.expect('=>')
}
