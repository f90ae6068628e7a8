import type { ExpandedPermissionTree } from '@latchkey/client'
import type { Command } from 'commander'
import type { Style, Terminal } from '../terminal.ts'
import { formatSubject, formatSubjectSet, parseSubjectSet } from './notation.ts'
import { addRemoteOptions, ask, type RemoteOptions, wholeNumber } from './remote.ts'
import { drawTree } from './tree.ts'

/** `latchkey permission expand`: prints the subjects of a relation as a tree. */
export function expandCommand(permission: Command, terminal: Terminal) {
  addRemoteOptions(permission.command('expand'))
    .description('show the subjects that have a relation to an object, by relationships alone')
    .argument('<set>', 'NAMESPACE:OBJECT#RELATION')
    .option('--max-depth <levels>', 'maximum depth of the tree', wholeNumber)
    .action(async (text: string, options: RemoteOptions & { maxDepth?: number }) => {
      const set = parseSubjectSet(text)
      const query = { ...set, 'max-depth': options.maxDepth }
      const answer = await ask(options, terminal, (client) => client.expandPermissions({ query }))
      // Like Keto, the server returns a "not found" error body with status 200 if there are no subjects.
      const tree = 'type' in answer ? answer : undefined
      if (options.format === 'json') terminal.out(JSON.stringify(tree ?? null, null, 2))
      else if (tree) for (const line of drawTree(tree, shape(terminal), terminal.style)) terminal.out(line)
      else terminal.out(`${formatSubjectSet(set)} ${terminal.style('dim', '(nobody)')}`)
    })
}

function shape({ style }: Terminal) {
  return {
    label: (node: ExpandedPermissionTree) => nameOf(node, style),
    children: ({ children = [] }: ExpandedPermissionTree) => children,
  }
}

function nameOf({ type, tuple = { namespace: '', object: '', relation: '' } }: ExpandedPermissionTree, style: Style) {
  const name = formatSubject(tuple)
  // A subject set without children is expanded elsewhere, has no members, or is beyond the maximum depth.
  if (type === 'leaf') return tuple.subject_set?.relation ? `${name} ${style('dim', '…')}` : name
  return type === 'union' ? style('bold', name) : `${style('bold', name)} ${style('dim', `(${type})`)}`
}
