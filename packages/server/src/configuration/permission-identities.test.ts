import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadOriginals } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keto-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function load(text: string, env: Record<string, string> = {}) {
  const keto = join(folder, 'keto.yml')
  await writeFile(keto, text)
  return (await loadOriginals({ keto }, env)).config.permission.identities
}

it('relationships do not go with identities unless told', async () => {
  expect(await load('dsn: memory\n')).toEqual({ required: false, delete_relationships: false, namespaces: [] })
})

it('a Keto file, or the environment, tells how relationships go with identities', async () => {
  const text = 'namespaces: [{ name: User, id: 0 }]\nidentities: { required: true, namespaces: [User] }\n'
  expect(await load(text)).toEqual({ required: true, delete_relationships: false, namespaces: ['User'] })
  const env = { IDENTITIES_REQUIRED: 'false', IDENTITIES_DELETE_RELATIONSHIPS: 'true' }
  expect(await load(text, env)).toEqual({ required: false, delete_relationships: true, namespaces: ['User'] })
})

it('namespaces of identities that the model does not have are refused', async () => {
  const text = 'namespaces: [{ name: User, id: 0 }]\nidentities: { namespaces: [User, Usre] }\n'
  await expect(load(text)).rejects.toMatchObject({
    problems: [{ line: 2, key: 'identities.namespaces.1', found: '"Usre"' }],
  })
})
