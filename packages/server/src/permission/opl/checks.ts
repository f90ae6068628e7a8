import type { Token } from './lexer.ts'
import type { Namespace, Relation, RelationType } from './model.ts'
import { type Reference, reasons, type Traversed } from './reference.ts'
import { type Fault, quoted } from './source.ts'

/** Over how many subject sets the types of a relation are followed. */
const furthest = 10

/** Types can lead from one to the other in more ways than there is time for. Keto would go them all. */
const most = { faults: 1000, looks: 1_000_000 }

type Classes = Map<string, Map<string, Relation>>

interface Checking {
  classes: Classes
  faults: Fault[]
  looks: number
}

/** Names that nobody declared, in the order in which they were used. */
export function checkReferences(references: readonly Reference[], namespaces: readonly Namespace[]): Fault[] {
  const checking: Checking = { classes: byName(namespaces), faults: [], looks: 0 }
  for (const reference of references) {
    if (isEnough(checking)) break
    check(checking, reference)
  }
  return checking.faults
}

/** Of several classes or relations with one name the first counts. */
function byName(namespaces: readonly Namespace[]): Classes {
  const classes: Classes = new Map()
  for (const { name, relations } of namespaces.toReversed()) {
    classes.set(name, new Map(relations.toReversed().map((relation) => [relation.name, relation])))
  }
  return classes
}

function isEnough({ faults, looks }: Checking): boolean {
  return faults.length >= most.faults || looks > most.looks
}

function check(checking: Checking, reference: Reference): void {
  switch (reference.kind) {
    case 'namespace':
      requireClass(checking, reference.namespace)
      break
    case 'members':
      if (requireClass(checking, reference.namespace)) {
        requireRelation(checking, reference.namespace.text, reference.relation)
      }
      break
    case 'own':
      requireRelation(checking, reference.namespace, reference.relation)
      break
    case 'traversed':
      follow(checking, reference, { namespace: reference.namespace, relation: reference.relation.text }, furthest)
      break
    case 'unusable':
      checking.faults.push({ message: reasons[reference.because], at: reference.at })
  }
}

function requireClass({ classes, faults }: Checking, at: Token): boolean {
  const isThere = classes.has(at.text)
  if (!isThere) faults.push({ message: `There is no class ${quoted(at.text)}.`, at })
  return isThere
}

function requireRelation({ classes, faults }: Checking, namespace: string, at: Token): void {
  if (!classes.get(namespace)?.has(at.text)) faults.push({ message: lacks(namespace, at.text), at })
}

/** Goes through all that may stand in a relation, and through the members of subject sets in turn. */
function follow(checking: Checking, reference: Traversed, from: Required<RelationType>, left: number): void {
  const { classes, faults } = checking
  const { relation: at, target } = reference
  if (left < 0) {
    faults.push({ message: `The subject sets in ${quoted(at.text)} lead too far.`, at })
    return
  }
  const types = classes.get(from.namespace)?.get(from.relation)?.types
  if (!types) faults.push({ message: lacks(from.namespace, from.relation), at })
  for (const { namespace, relation } of types ?? []) {
    if (isEnough(checking)) return
    if (++checking.looks > most.looks) faults.push({ message: 'The types lead on in too many ways.', at })
    else if (relation !== undefined) follow(checking, reference, { namespace, relation }, left - 1)
    else if (!classes.get(namespace)?.has(target)) faults.push({ message: lacks(namespace, target), at })
  }
}

function lacks(namespace: string, relation: string): string {
  return `The class ${quoted(namespace)} has no relation or permission ${quoted(relation)}.`
}
