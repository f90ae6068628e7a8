import { isTree, type Tree } from '../../../kernel/config/walk.ts'

/** The traits of a provider with those that were submitted, which take precedence unless they are empty, as in Kratos. */
export function mergeTraits(mapped: Tree, submitted: Tree): Tree {
  const merged: Tree = { ...mapped }
  for (const [name, value] of Object.entries(submitted)) {
    const before = merged[name]
    if (isTree(value)) merged[name] = mergeTraits(isTree(before) ? before : {}, value)
    else if (!isEmpty(value) || before === undefined) merged[name] = value
  }
  return merged
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}
