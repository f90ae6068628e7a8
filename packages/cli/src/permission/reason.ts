import type { ExplainedCondition, PermissionExplanation, Relationship, SubjectSet } from '@latchkey/client'
import { formatSubjectSet, formatTuple, printable } from './notation.ts'

/** A node of an explanation as text. */
export interface Reason {
  outcome: PermissionExplanation['outcome']
  what: string
  note: string
  /** How the children are combined (`one of`); empty if there is no operator. */
  rule: string
  children: Reason[]
}

/**
 * Converts an explanation to text. Redundant steps are merged into one line: a relation and its only relationship, a
 * relationship to a subject set and that set, a relation and its rewrite rule.
 */
export function reasonFrom(node: PermissionExplanation): Reason {
  const { kind, outcome, relation = noRelationship, children = [] } = node
  const [first] = children
  if (kind === 'relationship') return relationshipReason(node)
  if (kind === 'relation') return relationReason(node, relation)
  if (first && hasOnePath(node)) return reasonFrom(first)
  return { outcome, rule: '', ...words(node, formatSubjectSet(relation)), children: children.map(reasonFrom) }
}

const noRelationship: Relationship = { namespace: '', object: '', relation: '' }

const rules: Partial<Record<PermissionExplanation['kind'], string>> = {
  union: 'one of',
  intersection: 'all of',
  exclusion: 'not',
}

function words({ kind, children = [] }: PermissionExplanation, set: string): Pick<Reason, 'what' | 'note'> {
  if (kind === 'traversal')
    return { what: `through ${set}`, note: children.length === 0 ? 'no such relationships' : '' }
  if (kind === 'above') return { what: set, note: 'see above' }
  if (kind === 'undeclared') return { what: 'the model declares no such relation', note: '' }
  const rule = rules[kind]
  if (rule) return { what: `${rule}:`, note: '' }
  return { what: 'not searched further', note: 'a depth, width or size limit was reached' }
}

function relationReason(node: PermissionExplanation, set: SubjectSet): Reason {
  const [only, ...others] = node.children ?? []
  const { kind, outcome, relationship } = only ?? {}
  const isOne = relationship && formatSubjectSet(relationship) === formatSubjectSet(set)
  if (only && others.length === 0 && kind === 'relationship' && isOne && outcome === node.outcome) {
    return relationshipReason(only)
  }
  return { outcome: node.outcome, what: formatSubjectSet(set), note: '', ...rewriteOf(node) }
}

/** The children of a relation, or the operands of its rewrite rule. */
function rewriteOf({ outcome, children = [] }: PermissionExplanation): Pick<Reason, 'rule' | 'children'> {
  const [only, ...others] = children
  const rule = only && rules[only.kind]
  if (!rule || others.length > 0 || only.outcome !== outcome || hasOnePath(only)) {
    return { rule: '', children: children.map(reasonFrom) }
  }
  return { rule, children: (only.children ?? []).map(reasonFrom) }
}

/** Whether an allowed node has a single child, so that its operator adds no information. */
function hasOnePath({ kind, outcome, children = [] }: PermissionExplanation): boolean {
  return outcome === 'allowed' && children.length === 1 && (kind === 'union' || kind === 'traversal')
}

function relationshipReason(node: PermissionExplanation): Reason {
  const { outcome, relationship = noRelationship, condition, children = [] } = node
  const set = relationship.subject_set
  const [only] = children.length === 1 ? children : []
  const isSet =
    set && only?.kind === 'relation' && formatSubjectSet(only.relation ?? noRelationship) === formatSubjectSet(set)
  const below = isSet && only.outcome === outcome ? rewriteOf(only) : { rule: '', children: children.map(reasonFrom) }
  const note = condition ? conditionNote(node, condition) : children.length > 0 ? '' : notes[outcome]
  return { outcome, what: formatTuple(relationship), note, ...below }
}

/** The note of a relationship without children. */
const notes = { allowed: '', denied: 'no such relationship', unknown: 'not looked up' }

const longestNote = 200

function conditionNote(
  { relationship }: PermissionExplanation,
  { outcome, missing, fault }: ExplainedCondition,
): string {
  const { expression = '', context } = relationship?.condition ?? {}
  const kept = context && Object.keys(context).length > 0 ? ` with ${truncate(JSON.stringify(context))}` : ''
  return `${conditionOutcome(outcome, missing, fault)}: ${truncate(expression)}${kept}`
}

function conditionOutcome(outcome: ExplainedCondition['outcome'], missing: string[] = [], fault = ''): string {
  if (outcome === 'allowed') return 'its condition is met'
  if (outcome === 'denied') return 'its condition is not met'
  if (missing.length > 0) return `its condition lacks ${missing.map(printable).join(', ')}`
  return `its condition fails with ${truncate(fault)}`
}

function truncate(text: string): string {
  const line = printable(text.replace(/\s+/g, ' '))
  return line.length > longestNote ? `${line.slice(0, longestNote)}…` : line
}
