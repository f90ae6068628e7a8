import type { Token } from './lexer.ts'
import type { Namespace, Relation, RelationType } from './model.ts'
import { type Reference, reasons, type Traversed } from './reference.ts'
import { type Fault, type Parsing, quote } from './source.ts'

/** The maximum number of nested subject sets to follow. */
const maxSubjectSets = 10

/** The number of paths between types can grow exponentially. Keto has no such limit and visits them all. */
const limits = { faults: 1000, visits: 1_000_000 }

/** What looking at a type takes, in steps of a search. */
const stepsPerVisit = 1 / 8

type Classes = Map<string, Map<string, Relation>>

interface Checking {
  classes: Classes
  faults: Fault[]
  visits: number
}

/** Reports references to undeclared names, in source order. */
export function* checkReferences(references: readonly Reference[], namespaces: readonly Namespace[]): Parsing<Fault[]> {
  const checking: Checking = { classes: byName(namespaces), faults: [], visits: 0 }
  for (const reference of references) {
    if (isEnough(checking)) break
    const { visits } = checking
    check(checking, reference)
    yield (checking.visits - visits + 1) * stepsPerVisit
  }
  return checking.faults
}

/** If several classes or relations have the same name, the first one wins. */
function byName(namespaces: readonly Namespace[]): Classes {
  const classes: Classes = new Map()
  for (const { name, relations } of namespaces.toReversed()) {
    classes.set(name, new Map(relations.toReversed().map((relation) => [relation.name, relation])))
  }
  return classes
}

function isEnough({ faults, visits }: Checking): boolean {
  return faults.length >= limits.faults || visits > limits.visits
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
      follow(checking, reference, { namespace: reference.namespace, relation: reference.relation.text }, maxSubjectSets)
      break
    case 'unusable':
      checking.faults.push({ message: reasons[reference.because], at: reference.at })
  }
}

function requireClass({ classes, faults }: Checking, at: Token): boolean {
  const isThere = classes.has(at.text)
  if (!isThere) faults.push({ message: `There is no class ${quote(at.text)}.`, at })
  return isThere
}

function requireRelation({ classes, faults }: Checking, namespace: string, at: Token): void {
  if (!classes.get(namespace)?.has(at.text)) faults.push({ message: notDeclared(namespace, at.text), at })
}

/** Checks every type that a relation allows, following subject sets recursively. */
function follow(checking: Checking, reference: Traversed, from: Required<RelationType>, left: number): void {
  const { classes, faults } = checking
  const { relation: at, target } = reference
  if (left < 0) {
    faults.push({ message: `The subject sets in ${quote(at.text)} lead too far.`, at })
    return
  }
  const types = classes.get(from.namespace)?.get(from.relation)?.types
  if (!types) faults.push({ message: notDeclared(from.namespace, from.relation), at })
  for (const { namespace, relation } of types ?? []) {
    if (isEnough(checking)) return
    if (++checking.visits > limits.visits) faults.push({ message: 'The types lead on in too many ways.', at })
    else if (relation !== undefined) follow(checking, reference, { namespace, relation }, left - 1)
    else if (!classes.get(namespace)?.has(target)) faults.push({ message: notDeclared(namespace, target), at })
  }
}

function notDeclared(namespace: string, relation: string): string {
  return `The class ${quote(namespace)} has no relation or permission ${quote(relation)}.`
}
