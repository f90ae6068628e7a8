/**
 * Writes the tables of `docs/reference/` from the configuration schemas: `npm run -s docs`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { acknowledgeableNames, originals } from '../packages/server/src/configuration/index.ts'
import { type Leaf, leavesOf } from '../packages/server/src/kernel/config/support.ts'
import { type Schema, tagValues } from '../packages/server/src/kernel/config/walk.ts'

const folder = new URL('../docs/reference/', import.meta.url)

/** The pages by file name. */
export function referencePages(): Map<string, string> {
  return new Map(
    originals.map(({ name, title, schema }) => [`${name}-configuration.md`, page({ name, title, leaves: leavesOf(schema) })]),
  )
}

function page({ name, title, leaves }: { name: string; title: string; leaves: Leaf[] }): string {
  const ofHooks = leaves.filter((leaf) => hookPath(leaf) && !isReportedElsewhere(leaf))
  const others = leaves.filter((leaf) => !hookPath(leaf))
  const hooks = [...new Map(ofHooks.map((leaf) => [hookPath(leaf), leaf])).entries()]
  const rows = others.map((leaf) => row(leaf.path.join('.'), leaf))
  const lists = [...hookLists(ofHooks)].map(([list, names]) => line([`\`${list}\``, names.join(', ')]))
  return [
    `# Keys of ${title}`,
    '',
    '<!-- Made by `npm run docs` from the schemas. -->',
    '',
    `Support for each key by \`latchkey serve --${name} FILE\`. The same keys are valid in a project file and can be set with environment variables: \`A_B_C\` for \`a.b.c\`. \`#\` is an entry of a list, \`*\` an arbitrary name.`,
    '',
    '- **honored**: the key has the same effect as in the Ory service.',
    '- **ignored**: the key has no effect, which is harmless for the given reason.',
    '- **not supported yet**: if the key is used, `latchkey config validate`, every start and every reload report it with file, line and key.',
    '- **refused**: not supported yet, and the server does not start with the key, because it would protect less or send something else than configured.',
    `- **refused when enabled**: the same if \`enabled\` is true, unless \`--without NAME\` (or the variable \`LATCHKEY_WITHOUT=NAME,NAME\`) acknowledges the missing support and disables the feature.${namesOf(leaves)}`,
    '',
    ...table(['key', 'type', 'default', 'state', 'reason'], rows),
    ...(hooks.length === 0
      ? []
      : [
          '',
          '## Hooks',
          '',
          ...table(['list', 'hooks'], lists),
          '',
          ...table(
            ['key', 'type', 'default', 'state', 'reason'],
            hooks.map(([path, leaf]) => row(path ?? '', leaf)),
          ),
        ]),
    '',
  ].join('\n')
}

function namesOf(leaves: readonly Leaf[]): string {
  const own = new Set(leaves.map(({ support }) => (support?.state === 'unsupported' ? support.without : undefined)))
  const names = acknowledgeableNames().filter((name) => own.has(name))
  return names.length > 0 ? ` Names: ${names.map((name) => `\`${name}\``).join(', ')}.` : ''
}

/** The part of a path that is common to all lists of hooks. */
function hookPath({ path }: Leaf): string | undefined {
  const at = path.findIndex((part) => part.startsWith('[hook='))
  return at < 0 ? undefined : path.slice(at).join('.')
}

function isReportedElsewhere({ support }: Leaf): boolean {
  return support?.state === 'unsupported' && support.reportedAt !== undefined
}

function hookLists(leaves: readonly Leaf[]): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const { path } of leaves) {
    const at = path.findIndex((part) => part.startsWith('[hook='))
    const list = path.slice(0, at - 1).join('.')
    const name = (path[at] ?? '').slice('[hook='.length, -1).replaceAll('|', ', ')
    const names = lists.get(list) ?? []
    lists.set(list, names.includes(name) ? names : [...names, name])
  }
  return lists
}

function row(key: string, { schema, support }: Leaf): string {
  const fallback = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``
  return line([`\`${key.replaceAll('|', '\\|')}\``, typeOf(schema), fallback, ...stateOf(support)])
}

function stateOf(support: Leaf['support']): [state: string, reason: string] {
  if (!support) return ['honored', '']
  if (support.state === 'ignored') return ['ignored', support.reason]
  if (support.without) return ['refused when enabled', `\`--without ${support.without}\``]
  if (support.reportedAt) return ['not supported yet', `goes with \`${support.reportedAt}\``]
  return [support.refused ? 'refused' : 'not supported yet', support.reason ?? '']
}

function typeOf(schema: Schema): string {
  if (schema.unit) return { duration: 'duration', 'duration-or-never': 'duration or -1', bytes: 'size', flag: 'boolean' }[schema.unit]
  if (schema.enum) return schema.enum.map((value) => `\`${value || '""'}\``).join(', ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.items) return `list of ${typeOf(schema.items)}`
  if (schema.discriminator) return (schema.oneOf ?? []).flatMap((one) => tagValues(one, schema.discriminator?.propertyName ?? '')).join(', ')
  return [schema.type ?? 'anything'].flat().join(' or ')
}

function table(head: string[], rows: readonly string[]): string[] {
  return [line(head), line(head.map(() => '---')), ...rows]
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of referencePages()) await writeFile(new URL(name, folder), text)
}
