import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConfigChange, type Loaded, loadOriginals, watchConfig } from './index.ts'

let folder: string
let watcher: { close(): void } | undefined
const path = () => join(folder, 'kratos.yml')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'))
  await writeFile(join(folder, 'person.json'), schema('name'))
  await writeFile(path(), text('1h'))
})
afterEach(async () => {
  watcher?.close()
  await rm(folder, { recursive: true })
})

const schema = (trait: string) =>
  JSON.stringify({
    type: 'object',
    properties: { traits: { type: 'object', properties: { [trait]: { type: 'string' } } } },
  })

const text = (lifespan: string) => `selfservice: { default_browser_return_url: / }
session: { lifespan: ${lifespan} }
identity: { default_schema_id: p, schemas: [{ id: p, url: "file://./person.json" }] }
`

type Change = ConfigChange<Loaded>

/** Watches, and gives the changes one by one. */
async function changes(files: Parameters<typeof loadOriginals>[0] = { kratos: path() }) {
  const load = () => loadOriginals(files, {})
  const heard: Change[] = []
  let wake = () => {}
  watcher = watchConfig(await load(), load, (change) => {
    heard.push(change)
    wake()
  })
  return async (): Promise<Change> => {
    while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    return heard.shift() as Change
  }
}

it('takes a changed file', async () => {
  const next = await changes()
  await writeFile(path(), text('2h'))
  expect(await next()).toMatchObject({ loaded: { config: { identity: { session: { lifespan: 7_200_000 } } } } })
})

it('takes a file that was replaced', async () => {
  const next = await changes()
  await writeFile(join(folder, 'new.yml'), text('3h'))
  await rename(join(folder, 'new.yml'), path())
  expect(await next()).toMatchObject({ loaded: { config: { identity: { session: { lifespan: 10_800_000 } } } } })
})

it('takes a changed identity schema', async () => {
  const next = await changes()
  await writeFile(join(folder, 'person.json'), schema('nickname'))
  expect(JSON.stringify(await next())).toContain('nickname')
})

it('tells a mistake with its line, then goes on with the next good file', async () => {
  const next = await changes()
  await writeFile(path(), text('soon'))
  expect(await next()).toMatchObject({ error: { problems: [{ key: 'session.lifespan', line: 2 }] } })
  await writeFile(path(), text('4h'))
  expect(await next()).toMatchObject({ loaded: { config: { identity: { session: { lifespan: 14_400_000 } } } } })
})

describe('namespaces', () => {
  const keto = () => join(folder, 'keto.yml')
  const model = (name: string) => `class ${name} implements Namespace {}\n`

  it('are taken when their file changes; a model that does not parse is told and the running one stays', async () => {
    await writeFile(join(folder, 'model.ts'), model('Quay'))
    await writeFile(keto(), 'namespaces: { location: "file://./model.ts" }\n')
    const next = await changes({ keto: keto() })
    await writeFile(join(folder, 'model.ts'), `${model('Quay')}class nonsense {\n`)
    expect(await next()).toMatchObject({ error: { problems: [{ file: join(folder, 'model.ts'), line: 2 }] } })
    await writeFile(join(folder, 'model.ts'), model('Ship'))
    expect(await next()).toMatchObject({ loaded: { config: { permission: { namespaces: [{ name: 'Ship' }] } } } })
  })

  it('are taken when a file comes into their folder', async () => {
    await mkdir(join(folder, 'models'))
    await writeFile(keto(), 'namespaces: { location: "file://./models" }\n')
    const next = await changes({ keto: keto() })
    await writeFile(join(folder, 'models', 'ship.ts'), model('Ship'))
    expect(await next()).toMatchObject({ loaded: { config: { permission: { namespaces: [{ name: 'Ship' }] } } } })
  })
})
