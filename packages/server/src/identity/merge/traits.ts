import { isTree, type Tree } from '../../kernel/config/walk.ts'
import { escapePointer, sameJson } from '../../kernel/json-value.ts'

/** A trait that both identities have with different values, by its path as a JSON pointer. */
export interface TraitConflict {
  path: string
  kept: unknown
  lost: unknown
}

export interface CombinedTraits {
  traits: Tree
  /** The paths that come from the merged identity. */
  added: string[]
  conflicts: TraitConflict[]
}

/**
 * Combines the traits of two identities: those of the surviving one are kept, and those that it lacks are added. Lists
 * get the missing entries of the other list. Other differences are conflicts, in which the surviving identity wins.
 */
export function combineTraits(kept: Tree, other: Tree): CombinedTraits {
  const found: Omit<CombinedTraits, 'traits'> = { added: [], conflicts: [] }
  const traits = combine(kept, other, { path: '', found }) as Tree
  return { traits, ...found }
}

interface Place {
  path: string
  found: Omit<CombinedTraits, 'traits'>
}

function combine(kept: unknown, other: unknown, { path, found }: Place): unknown {
  if (other === undefined || sameJson(kept, other)) return kept
  if (kept === undefined) {
    found.added.push(path)
    return other
  }
  if (isTree(kept) && isTree(other)) {
    const names = [...new Set([...Object.keys(kept), ...Object.keys(other)])]
    return Object.fromEntries(
      names.map((name) => [
        name,
        combine(own(kept, name), own(other, name), { path: `${path}/${escapePointer(name)}`, found }),
      ]),
    )
  }
  if (Array.isArray(kept) && Array.isArray(other)) {
    const missing = other.filter((entry) => !kept.some((one) => sameJson(one, entry)))
    if (missing.length > 0) found.added.push(path)
    return [...kept, ...missing]
  }
  found.conflicts.push({ path, kept, lost: other })
  return kept
}

function own(tree: Tree, name: string): unknown {
  return Object.hasOwn(tree, name) ? tree[name] : undefined
}
