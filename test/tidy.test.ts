import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './stage/latchkey.ts'

/** Which packages a package may import. */
const packages: Record<string, string[]> = {
  api: [],
  client: ['api'],
  web: ['api', 'client'],
  server: ['api', 'web'],
  cli: ['api', 'client', 'server'],
}

/** Which of the server's folders one may import besides kernel and db; the list is acyclic. */
const rooms: Record<string, string[]> = {
  kernel: [],
  db: [],
  event: [],
  metadata: [],
  project: [],
  apikey: [],
  courier: [],
  identity: [],
  permission: ['identity'],
  session: ['identity'],
  selfservice: ['identity', 'session', 'courier'],
  configuration: ['identity', 'session', 'selfservice', 'courier', 'permission'],
  jobs: ['session', 'selfservice', 'courier'],
  pages: ['identity', 'session', 'selfservice', 'courier', 'project', 'apikey'],
}

const longest = 300
/** Files that may be longer, each with its reason. */
const long: Record<string, string> = {
  'packages/web/test/fixtures.ts': 'one page after the other, as data',
  'packages/api/src/ory-types.test-d.ts': 'one line for each model',
}

const forbiddenFolders = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'shared', 'x', 'misc', 'lib'])

/** Names of places where this was written rather than of what it is. Put together here so that this file has none. */
const workplace = [
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['', 'tmp', 'ref'],
  ['', 'tmp', 'brief'],
].map((parts) => parts.join('/'))

const ignored = new Set(['node_modules', 'dist', '.git', 'artefacts', '.latchkey', 'golden', 'target'])
const files = ['packages', 'test', 'bench', 'scripts', 'docs', '.ci']
  .map((top) => join(root, top))
  .filter(existsSync)
  .flatMap(walk)
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file))
const own = sources.filter((file) => /^packages\/[^/]+\/src\//.test(file))

interface Import {
  from: string
  /** A path from the root, or a package's name. */
  to: string
}

const imports: Import[] = own.flatMap((from) =>
  [...read(from).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, to = '']) => ({
    from,
    to: to.startsWith('.') ? join(dirname(from), to) : to,
  })),
)
const production = imports.filter(({ from }) => !/\.test(-d)?\.tsx?$/.test(from))

describe('the house', () => {
  it('has sources and imports to look at', () => {
    expect(own.length).toBeGreaterThan(50)
    expect(production.length).toBeGreaterThan(200)
  })

  it('lets packages import each other only along the arrows', () => {
    const wrong = production.filter(({ from, to }) => {
      const target = to.match(/^@latchkey\/([^/]+)/)?.[1]
      return target !== undefined && target !== packageOf(from) && !packages[packageOf(from)]?.includes(target)
    })
    expect(wrong).toEqual([])
  })

  it('reaches other packages by their names alone, and never into them', () => {
    const wrong = production.filter(
      ({ from, to }) =>
        /^@latchkey\/[^/]+\//.test(to) || (to.startsWith('packages/') && packageOf(to) !== packageOf(from)),
    )
    expect(wrong).toEqual([])
  })

  it('lets the rooms of the server import each other only along the arrows, and only their index', () => {
    expect(production.filter(crossesWrongly)).toEqual([])
  })

  it('keeps statements out of everything but stores and the database', () => {
    const wrong = own.filter((file) => {
      if (!file.startsWith('packages/server/src/') || /\.test\.ts$/.test(file)) return false
      if (file.startsWith('packages/server/src/db/')) return false
      return /import [^;]*\bsql\b[^;]*from 'kysely'/.test(read(file))
    })
    expect(wrong).toEqual([])
  })

  it('has no folder for what has no home', () => {
    const folders = new Set(files.flatMap((file) => dirname(file).split('/')))
    expect([...folders].filter((folder) => forbiddenFolders.has(folder))).toEqual([])
  })

  it(`keeps files to ${longest} lines`, () => {
    const tooLong = sources.filter((file) => read(file).split('\n').length - 1 > longest && !(file in long))
    expect(tooLong).toEqual([])
    expect(Object.keys(long).filter((file) => read(file).split('\n').length - 1 <= longest)).toEqual([])
  })

  it('leaves nothing for later and silences no checker without a reason', () => {
    const wrong = own.filter((file) => /\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck|biome-ignore-all/.test(read(file)))
    expect(wrong).toEqual([])
  })

  it('does not name the place where it was written', () => {
    expect(files.filter((file) => workplace.some((word) => read(file).includes(word)))).toEqual([])
  })
})

function crossesWrongly({ from, to }: Import): boolean {
  const [here, there] = [roomOf(from), roomOf(to)]
  if (!here || !there || here === there) return false
  const rest = to.split('/').slice(4).join('/')
  if (there === 'kernel') return false
  if (there === 'db') return here === 'kernel' || rest !== 'index.ts'
  if (!(here in rooms) || !(there in rooms)) return true
  return !rooms[here]?.includes(there) || rest !== 'index.ts'
}

/** The folder below the server's sources; files directly there are the app and may import every room. */
function roomOf(file: string): string | undefined {
  const parts = file.split('/')
  return file.startsWith('packages/server/src/') && parts.length > 4 ? parts[3] : undefined
}

function packageOf(file: string): string {
  return file.split('/')[1] ?? ''
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: false })
  return entries.flatMap((entry) => {
    if (ignored.has(entry.name) || entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [relative(root, path)]
  })
}
