import type { Token } from './lexer.ts'

/** Something to look up when all classes are known. */
export type Reference =
  | { kind: 'namespace'; namespace: Token }
  | { kind: 'members'; namespace: Token; relation: Token }
  /** A relation or permission of the class that the reference stands in. */
  | { kind: 'own'; namespace: string; relation: Token }
  | Traversed
  /** Keto's grammar lets it pass, but nothing could be done with it. */
  | { kind: 'unusable'; at: Token; because: keyof typeof reasons }

export interface Traversed {
  kind: 'traversed'
  namespace: string
  relation: Token
  /** What all that `relation` leads to has to have. */
  target: string
}

export const reasons = {
  'nothing negated': 'There is nothing in these parentheses to negate.',
  'too deep': 'This permission nests its operators too deeply; make several of it.',
}
