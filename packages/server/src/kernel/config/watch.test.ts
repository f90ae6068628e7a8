import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ConfigChange, loadOriginals, watchConfig } from './index.ts'

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

/** Watches, and gives the changes one by one. */
async function changes(): Promise<() => Promise<ConfigChange>> {
  const load = () => loadOriginals({ kratos: path() }, {})
  const heard: ConfigChange[] = []
  let wake = () => {}
  watcher = watchConfig(await load(), load, (change) => {
    heard.push(change)
    wake()
  })
  return async () => {
    while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    return heard.shift() as ConfigChange
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
