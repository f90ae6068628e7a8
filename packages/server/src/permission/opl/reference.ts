import type { Token } from './lexer.ts'

/** A name to resolve once all classes have been parsed. */
export type Reference =
  | { kind: 'namespace'; namespace: Token }
  | { kind: 'members'; namespace: Token; relation: Token }
  /** A relation or permission of the class that contains the reference. */
  | { kind: 'own'; namespace: string; relation: Token }
  | Traversed
  /** Accepted by Keto's grammar, but impossible to evaluate. */
  | { kind: 'unusable'; at: Token; because: keyof typeof reasons }

export interface Traversed {
  kind: 'traversed'
  namespace: string
  relation: Token
  /** The relation or permission that every type in `relation` must have. */
  target: string
}

export const reasons = {
  'nothing negated': 'There is nothing in these parentheses to negate.',
  'too deep': 'This permission nests its operators too deeply; make several of it.',
}
