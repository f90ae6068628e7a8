import type { ExpandedPermissionTree } from '@latchkey/client'
import type { Command } from 'commander'
import type { Style, Terminal } from '../terminal.ts'
import { readSet, writeSet, writeSubject } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions, wholeNumber } from './remote.ts'
import { drawTree } from './tree.ts'

/** `latchkey permission expand`: who has a relation to an object, as a tree. */
export function expandCommand(permission: Command, terminal: Terminal) {
  addRemoteOptions(permission.command('expand'))
    .description('show who has a relation to an object, by its relationships')
    .argument('<set>', 'NAMESPACE:OBJECT#RELATION')
    .option('--max-depth <levels>', 'how many levels of the tree', wholeNumber)
    .action(async (text: string, options: RemoteOptions & { maxDepth?: number }) => {
      const set = readSet(text)
      const query = { ...set, 'max-depth': options.maxDepth }
      const answer = await ask(options, terminal, (client) => client.expandPermissions({ query }))
      // Of nobody the server says that it was not found, with status 200, as Keto does.
      const tree = 'type' in answer ? answer : undefined
      if (options.format === 'json') terminal.out(JSON.stringify(tree ?? null, null, 2))
      else if (tree) for (const line of drawTree(tree, shape(terminal), terminal.style)) terminal.out(line)
      else terminal.out(`${writeSet(set)} ${terminal.style('dim', '(nobody)')}`)
    })
}

function shape({ style }: Terminal) {
  return {
    label: (node: ExpandedPermissionTree) => nameOf(node, style),
    children: ({ children = [] }: ExpandedPermissionTree) => children,
  }
}

function nameOf({ type, tuple = { namespace: '', object: '', relation: '' } }: ExpandedPermissionTree, style: Style) {
  const name = writeSubject(tuple)
  // A set without members here was shown before, has none, or is beyond the depth.
  if (type === 'leaf') return tuple.subject_set?.relation ? `${name} ${style('dim', '…')}` : name
  return type === 'union' ? style('bold', name) : `${style('bold', name)} ${style('dim', `(${type})`)}`
}
