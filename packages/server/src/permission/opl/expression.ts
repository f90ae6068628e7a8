import { readAccess } from './access.ts'
import { addOperand, type Group, type Leaf } from './group.ts'
import { isSign } from './lexer.ts'
import { describeToken, type Parsing, type Source } from './source.ts'

/** The maximum nesting depth of parentheses and negations, including the expression itself. */
const maxNesting = 10

/**
 * Parses a permission expression up to `closing` or the end of the block; undefined if a required operand is missing.
 * Operators have equal precedence and associate to the left: `a || b && c` is `(a || b) && c`, unlike in TypeScript.
 */
export function* readExpression(
  source: Source,
  namespace: string,
  closing: ',' | ')',
  remaining = maxNesting,
): Parsing<Group | undefined> {
  refuseTooDeep(source, remaining)
  let group: Group | undefined
  let afterGroup = false
  for (;;) {
    const token = source.peek()
    switch (token.kind === 'sign' ? token.text : undefined) {
      case closing:
        source.next()
        return group
      case '}':
        // A brace ends the block even if parentheses are still open.
        return group
      case '(': {
        source.next()
        const inner = yield* readExpression(source, namespace, ')', remaining - 1)
        if (!inner) return undefined
        group = addOperand(group, inner)
        afterGroup = true
        break
      }
      case '!':
        source.next()
        group = addOperand(group, yield* readNegation(source, namespace, remaining - 1))
        afterGroup = true
        break
      case '||':
      case '&&':
        source.next()
        if (!group) return undefined
        group = { kind: token.text === '||' ? 'union' : 'intersection', children: [group] }
        afterGroup = false
        break
      default:
        // Keto requires an operator only after parentheses and negations; otherwise it adds the operand to the group.
        if (afterGroup) source.refuse(token, `An operator, "," or "}" belongs here, not ${describeToken(token)}`)
        group = addOperand(group, readAccess(source, namespace))
    }
    yield 1
  }
}

/** Parses what follows `!`: a single operand, or an expression in parentheses. */
function* readNegation(source: Source, namespace: string, remaining: number): Parsing<Leaf> {
  refuseTooDeep(source, remaining)
  const token = source.peek()
  if (!isSign(token, '(')) return { kind: 'exclusion', child: readAccess(source, namespace) }
  source.next()
  const child = yield* readExpression(source, namespace, ')', remaining - 1)
  if (child) return { kind: 'exclusion', child }
  // Keto accepts this and panics when the permission is checked.
  source.references.push({ kind: 'unusable', at: token, because: 'nothing negated' })
  return { kind: 'exclusion', child: { kind: 'union', children: [] } }
}

function refuseTooDeep(source: Source, remaining: number): void {
  if (remaining <= 0) source.refuse(source.peek(), `Expressions may be nested at most ${maxNesting} deep`)
}
