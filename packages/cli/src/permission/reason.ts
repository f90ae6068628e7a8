import type { ExplainedCondition, PermissionExplanation, Relationship, SubjectSet } from '@latchkey/client'
import { printable, writeSet, writeTuple } from './notation.ts'

/** A line of an explanation and those below it, in words. */
export interface Reason {
  outcome: PermissionExplanation['outcome']
  what: string
  note: string
  /** How the lines below make this one, where it is more than any of them: `one of`. */
  rule: string
  children: Reason[]
}

/**
 * An explanation in words. Steps that say the same twice become one line: a relation and the one relationship that it
 * is, a relationship to a set and that set, a relation and its rule.
 */
export function reasonFrom(node: PermissionExplanation): Reason {
  const { kind, outcome, relation = nowhere, children = [] } = node
  const [first] = children
  if (kind === 'relationship') return ofRelationship(node)
  if (kind === 'relation') return ofRelation(node, relation)
  if (first && isOneWay(node)) return reasonFrom(first)
  return { outcome, rule: '', ...words(node, writeSet(relation)), children: children.map(reasonFrom) }
}

const nowhere: Relationship = { namespace: '', object: '', relation: '' }

const rules: Partial<Record<PermissionExplanation['kind'], string>> = {
  union: 'one of',
  intersection: 'all of',
  exclusion: 'not',
}

function words({ kind, children = [] }: PermissionExplanation, set: string): Pick<Reason, 'what' | 'note'> {
  if (kind === 'traversal') return { what: `through ${set}`, note: children.length === 0 ? 'it leads nowhere' : '' }
  if (kind === 'above') return { what: set, note: 'see above' }
  if (kind === 'undeclared') return { what: 'the model declares no such relation', note: '' }
  const rule = rules[kind]
  if (rule) return { what: `${rule}:`, note: '' }
  return { what: 'not searched further', note: 'a limit of depth, width or size' }
}

function ofRelation(node: PermissionExplanation, set: SubjectSet): Reason {
  const [only, ...others] = node.children ?? []
  const { kind, outcome, relationship } = only ?? {}
  const isOne = relationship && writeSet(relationship) === writeSet(set)
  if (only && others.length === 0 && kind === 'relationship' && isOne && outcome === node.outcome) {
    return ofRelationship(only)
  }
  return { outcome: node.outcome, what: writeSet(set), note: '', ...behind(node) }
}

/** What a relation rests on; where that is a rule, its parts. */
function behind({ outcome, children = [] }: PermissionExplanation): Pick<Reason, 'rule' | 'children'> {
  const [only, ...others] = children
  const rule = only && rules[only.kind]
  if (!rule || others.length > 0 || only.outcome !== outcome || isOneWay(only)) {
    return { rule: '', children: children.map(reasonFrom) }
  }
  return { rule, children: (only.children ?? []).map(reasonFrom) }
}

/** Of what is allowed one way is told; that it is one of several says nothing. */
function isOneWay({ kind, outcome, children = [] }: PermissionExplanation): boolean {
  return outcome === 'allowed' && children.length === 1 && (kind === 'union' || kind === 'traversal')
}

function ofRelationship(node: PermissionExplanation): Reason {
  const { outcome, relationship = nowhere, condition, children = [] } = node
  const set = relationship.subject_set
  const [only] = children.length === 1 ? children : []
  const isSet = set && only?.kind === 'relation' && writeSet(only.relation ?? nowhere) === writeSet(set)
  const below = isSet && only.outcome === outcome ? behind(only) : { rule: '', children: children.map(reasonFrom) }
  const note = condition ? conditionNote(node, condition) : children.length > 0 ? '' : absence[outcome]
  return { outcome, what: writeTuple(relationship), note, ...below }
}

/** What is said of a relationship that nothing stands behind. */
const absence = { allowed: '', denied: 'no such relationship', unknown: 'not looked up' }

const longestNote = 200

function conditionNote(
  { relationship }: PermissionExplanation,
  { outcome, missing, fault }: ExplainedCondition,
): string {
  const { expression = '', context } = relationship?.condition ?? {}
  const kept = context && Object.keys(context).length > 0 ? ` with ${shortened(JSON.stringify(context))}` : ''
  return `${says(outcome, missing, fault)}: ${shortened(expression)}${kept}`
}

function says(outcome: ExplainedCondition['outcome'], missing: string[] = [], fault = ''): string {
  if (outcome === 'allowed') return 'its condition is met'
  if (outcome === 'denied') return 'its condition is not met'
  if (missing.length > 0) return `its condition lacks ${missing.map(printable).join(', ')}`
  return `its condition fails with ${shortened(fault)}`
}

function shortened(text: string): string {
  const line = printable(text.replace(/\s+/g, ' '))
  return line.length > longestNote ? `${line.slice(0, longestNote)}…` : line
}
