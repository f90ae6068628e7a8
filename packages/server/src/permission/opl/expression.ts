import { readAccess } from './access.ts'
import { type Group, joined, type Leaf } from './group.ts'
import { isSign } from './lexer.ts'
import { type Source, shown } from './source.ts'

/** How deep parentheses and negations may be nested, the expression itself included. */
const deepest = 10

/**
 * What a permission is made of, up to `closing` or the end of the block; nothing if there is no operand where one has
 * to be. Operators bind alike, from left to right: `a || b && c` is `(a || b) && c`, unlike in TypeScript.
 */
export function readExpression(
  source: Source,
  namespace: string,
  closing: ',' | ')',
  room = deepest,
): Group | undefined {
  refuseTooDeep(source, room)
  let group: Group | undefined
  let afterGroup = false
  for (;;) {
    const token = source.peek()
    switch (token.kind === 'sign' ? token.text : undefined) {
      case closing:
        source.next()
        return group
      case '}':
        // It ends the block as well, even with parentheses open.
        return group
      case '(': {
        source.next()
        const inner = readExpression(source, namespace, ')', room - 1)
        if (!inner) return undefined
        group = joined(group, inner)
        afterGroup = true
        break
      }
      case '!':
        source.next()
        group = joined(group, readNegation(source, namespace, room - 1))
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
        // Keto demands an operator only after parentheses and negations; elsewhere an operand just joins those before it.
        if (afterGroup) source.refuse(token, `An operator, "," or "}" belongs here, not ${shown(token)}`)
        group = joined(group, readAccess(source, namespace))
    }
  }
}

/** What follows an exclamation mark: one operand, or an expression in parentheses. */
function readNegation(source: Source, namespace: string, room: number): Leaf {
  refuseTooDeep(source, room)
  const token = source.peek()
  if (!isSign(token, '(')) return { kind: 'exclusion', child: readAccess(source, namespace) }
  source.next()
  const child = readExpression(source, namespace, ')', room - 1)
  if (child) return { kind: 'exclusion', child }
  // Keto takes this and breaks down when the permission is checked.
  source.references.push({ kind: 'unusable', at: token, because: 'nothing negated' })
  return { kind: 'exclusion', child: { kind: 'union', children: [] } }
}

function refuseTooDeep(source: Source, room: number): void {
  if (room <= 0) source.refuse(source.peek(), `Expressions may be nested at most ${deepest} deep`)
}
