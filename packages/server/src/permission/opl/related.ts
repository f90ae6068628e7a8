import { hasText, isSign, type Token } from './lexer.ts'
import type { Relation, RelationType } from './model.ts'
import { describeToken, type Parsing, type Source } from './source.ts'

/** Parses a block after the keyword `related`. */
export function* readRelated(source: Source, relations: Relation[]): Parsing<void> {
  source.expect(':', '{')
  for (;;) {
    while (source.skipSign(';'));
    if (source.skipSign('}')) return
    const name = source.name('The name of a relation or "}"').text
    source.expect(':')
    relations.push({ name, types: yield* readTypes(source) })
    yield 2
  }
}

/** Accepts any token as a class name; references are checked after parsing. */
function* readTypes(source: Source): Parsing<RelationType[]> {
  const token = source.next()
  if (hasText(token, 'Array')) {
    source.expect('<')
    return yield* readUnion(source, '>')
  }
  const types = isSign(token, '(') ? yield* readUnion(source, ')') : [readType(source, token)]
  source.expect('[', ']')
  source.accept(',')
  return types
}

function* readUnion(source: Source, closing: string): Parsing<RelationType[]> {
  const types: RelationType[] = []
  const isLast = () => {
    const token = source.next()
    if (isSign(token, closing)) return true
    if (isSign(token, '|')) return false
    return source.refuse(token, `"|" or "${closing}" belongs here, not ${describeToken(token)}`)
  }
  do {
    types.push(source.orElse(() => readType(source, source.next()), isLast))
    yield 1
  } while (!isLast())
  return types
}

function readType(source: Source, token: Token): RelationType {
  if (!hasText(token, 'SubjectSet')) {
    source.references.push({ kind: 'namespace', namespace: token })
    return { namespace: token.text }
  }
  source.expect('<')
  const namespace = source.next()
  source.expect(',')
  const relation = source.next()
  source.expect('>')
  source.references.push({ kind: 'members', namespace, relation })
  // Keto treats an empty relation as absent.
  return relation.text === '' ? { namespace: namespace.text } : { namespace: namespace.text, relation: relation.text }
}
