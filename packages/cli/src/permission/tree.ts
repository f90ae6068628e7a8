import type { Style } from '../terminal.ts'

/** A tree as lines, each node below its parent. */
export function drawTree<Node>(
  node: Node,
  { label, children }: { label: (node: Node) => string; children: (node: Node) => readonly Node[] },
  style: Style,
): string[] {
  const below = children(node)
  return [
    label(node),
    ...below.flatMap((child, index) => {
      const last = index === below.length - 1
      const [first = '', ...rest] = drawTree(child, { label, children }, style)
      return [
        style('dim', last ? '└── ' : '├── ') + first,
        ...rest.map((line) => style('dim', last ? '    ' : '│   ') + line),
      ]
    }),
  ]
}
