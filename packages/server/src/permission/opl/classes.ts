import { isSign, says } from './lexer.ts'
import type { Namespace, Relation } from './model.ts'
import { readPermits } from './permits.ts'
import { readRelated } from './related.ts'
import { type Source, shown } from './source.ts'

/** What follows the word `class`. Each of the two blocks may stand there more than once. */
export function readClass(source: Source): Namespace {
  const name = source.name('The name of a class').text
  source.expect('implements', 'Namespace', '{')
  const relations: Relation[] = []
  for (;;) {
    const token = source.next()
    if (isSign(token, '}')) return { name, relations }
    if (isSign(token, ';')) continue
    if (says(token, 'related')) readRelated(source, relations)
    else if (says(token, 'permits')) readPermits(source, name, relations)
    else source.refuse(token, `A class holds "related" and "permits", not ${shown(token)}`)
  }
}
