import { hasText, isSign } from './lexer.ts'
import type { Namespace, Relation } from './model.ts'
import { readPermits } from './permits.ts'
import { readRelated } from './related.ts'
import { describeToken, type Parsing, type Source } from './source.ts'

/** Parses a class after the keyword `class`. Either block may occur more than once. */
export function* readClass(source: Source): Parsing<Namespace> {
  const name = source.name('The name of a class').text
  source.expect('implements', 'Namespace', '{')
  const relations: Relation[] = []
  for (;;) {
    const token = source.next()
    if (isSign(token, '}')) return { name, relations }
    if (isSign(token, ';')) continue
    if (hasText(token, 'related')) yield* readRelated(source, relations)
    else if (hasText(token, 'permits')) yield* readPermits(source, name, relations)
    else source.refuse(token, `A class holds "related" and "permits", not ${describeToken(token)}`)
  }
}
