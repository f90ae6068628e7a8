import type { Leaf } from './group.ts'
import { hasText, type Token } from './lexer.ts'
import { describeToken, type Source } from './source.ts'

/** One operand: `this.related.…` or `this.permits.…`. */
export function readAccess(source: Source, namespace: string): Leaf {
  source.expect('this', '.')
  const block = source.next()
  const relation = source.property(() => source.next())
  if (hasText(block, 'related')) return readRelatedAccess(source, namespace, relation)
  if (!hasText(block, 'permits'))
    source.refuse(block, `"related" or "permits" belongs here, not ${describeToken(block)}`)
  source.expect('(', 'ctx', ')')
  return computedLeaf(source, namespace, relation)
}

function readRelatedAccess(source: Source, namespace: string, relation: Token): Leaf {
  source.expect('.')
  const verb = source.next()
  if (hasText(verb, 'traverse')) return readTraversal(source, namespace, relation)
  if (!hasText(verb, 'includes'))
    source.refuse(verb, `"includes" or "traverse" belongs here, not ${describeToken(verb)}`)
  source.expect('(', 'ctx', '.', 'subject', ')')
  return computedLeaf(source, namespace, relation)
}

function computedLeaf(source: Source, namespace: string, relation: Token): Leaf {
  source.references.push({ kind: 'own', namespace, relation })
  return { kind: 'computed', relation: relation.text }
}

/** `(x => x.permits.p(ctx))` or `(x => x.related.r.includes(ctx.subject))`. */
function readTraversal(source: Source, namespace: string, relation: Token): Leaf {
  const block = readArrow(source)
  const isRelated = hasText(block, 'related')
  if (!isRelated && !hasText(block, 'permits')) refuseBlock(source, block)
  const target = source.property(() => source.name('The name of a relation or permission')).text
  if (isRelated) readIncludes(source)
  else source.expect('(', 'ctx', ')', ')')
  source.references.push({ kind: 'traversed', namespace, relation, target }, { kind: 'own', namespace, relation })
  return { kind: 'traverse', relation: relation.text, target }
}

/** Parses `(x => x.` and returns the token that follows. */
function readArrow(source: Source): Token {
  source.expect('(')
  const variable = readVariable(source)
  return source.orElse(
    () => {
      source.expect('=>', variable.text, '.')
      return source.next()
    },
    // Keto reports the next token, which it has not read yet, so the error has no position.
    () =>
      refuseBlock(source, {
        kind: 'fault',
        text: 'This "traverse" asks nothing of what it leads to',
        start: 0,
        end: 0,
      }),
  )
}

function readVariable(source: Source): Token {
  const inParentheses = source.skipSign('(')
  const variable = source.next()
  if (!inParentheses) return variable
  source.expect(')')
  return variable
}

function refuseBlock(source: Source, token: Token): never {
  return source.refuse(token, `"related" or "permits" belongs here, not ${describeToken(token)}`)
}

/** As in Keto, trailing commas after arguments are accepted only here. */
function readIncludes(source: Source): void {
  source.expect('.', 'includes', '(', 'ctx', '.', 'subject')
  source.accept(',')
  source.expect(')')
  source.accept(',')
  source.expect(')')
}
