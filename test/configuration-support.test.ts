import { describe, expect, it } from 'vitest'
import { originals } from '../packages/server/src/configuration/originals/index.ts'
import { projectSchema } from '../packages/server/src/configuration/project-schema.ts'
import { type Leaf, leavesOf } from '../packages/server/src/kernel/config/support.ts'
import { propertyReads } from './stage/property-reads.ts'
import { production } from './stage/sources.ts'

const originalsFolder = 'packages/server/src/configuration/originals'
const schemas = [
  ...originals.map(({ name, schema }) => ({
    name: name as string,
    leaves: leavesOf(schema),
    roots: [[`${originalsFolder}/${name}-schema.ts`, `${name[0]?.toUpperCase()}${name.slice(1)}File`]] as [
      string,
      string,
    ][],
  })),
  {
    name: 'project',
    leaves: leavesOf(projectSchema),
    roots: [['packages/server/src/configuration/project-schema.ts', 'ProjectFile']] as [string, string][],
  },
]
schemas[0]?.roots.push(['packages/server/src/kernel/project-config.ts', 'IdentityConfig'])
schemas[1]?.roots.push(['packages/server/src/oauth2/config.ts', 'OAuth2Config'])

const names = new Set(schemas.flatMap(({ leaves }) => leaves.flatMap(({ path }) => [path.at(-1) ?? '', 'hook'])))

const types = propertyReads(
  production.filter((file) => /^packages\/(server|cli)\/src\//.test(file)),
  {
    names,
    readers: /\/packages\/(server|cli)\/src\/(?!.*(\bconfig|-schema)\.ts$)/,
    copiers: /configuration\/originals\/|oauth2\/config\/(?!user-code)/,
  },
)

describe.each(schemas)('each key of $name', ({ leaves, roots }) => {
  it('is ignored or unsupported with a reason, or is read by code', () => {
    const honored = leaves.filter(({ support }) => support === undefined)
    expect(honored.length).toBeGreaterThan(5)
    expect(honored.filter((leaf) => !isReadAnywhere(leaf, roots)).map(({ path }) => path.join('.'))).toEqual([])
  })
})

it('detects a key that no code reads', () => {
  const [kratos] = schemas
  const missing = kratos?.leaves.find(({ path }) => path.join('.') === 'feature_flags.refresh_login_choose_address')
  expect(missing && isReadAnywhere(missing, kratos?.roots ?? [])).toBe(false)
})

function isReadAnywhere({ path }: Leaf, roots: [string, string][]): boolean {
  return roots.some(([file, name]) => {
    const steps = [...path]
    const last = steps.pop() ?? ''
    let type: ReturnType<typeof types.member> = types.exportedType(file, name)
    for (const step of steps) type = type && types.member(type, step)
    if (!type) return false
    // The tag of a union selects the branch, so that it counts as read.
    const tag = /^\[(\w+)=/.exec(last)?.[1]
    if (tag) {
      const branch = types.member(type, last)
      return branch !== undefined && types.isRead(branch, tag)
    }
    return types.isRead(type, last)
  })
}
