import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadOriginals } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'name-'))
  await writeFile(join(folder, 'person.json'), '{"type":"object","properties":{"traits":{"type":"object"}}}')
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  [
    'the sender of its messages',
    'courier: { smtp: { from_name: " Harbour " } }',
    'https://app.example.org/',
    'Harbour',
  ],
  ['the host that people are sent to', '', 'https://app.example.org/home', 'app.example.org'],
  [
    'the host of its public API',
    'serve: { public: { base_url: "https://id.example.org/" } }',
    '/home',
    'id.example.org',
  ],
])('the site of a drop-in is called by %s', async (_, more, home, name) => {
  const kratos = join(folder, 'kratos.yml')
  await writeFile(
    kratos,
    `selfservice: { default_browser_return_url: "${home}" }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
${more}`,
  )
  expect((await loadOriginals({ kratos }, {})).project.name).toBe(name)
})
