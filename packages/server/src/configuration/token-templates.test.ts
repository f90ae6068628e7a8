import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../kernel/config/index.ts'
import { loadOriginals } from './index.ts'
import { loadStoredProject } from './stored-project.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-templates-'))
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ keys: [{ ...key, alg: 'EdDSA', kid: 'a' }] }))
  await writeFile(join(folder, 'public.json'), JSON.stringify({ keys: [{ ...key, d: undefined, alg: 'EdDSA' }] }))
  await writeFile(join(folder, 'claims.jsonnet'), "{ claims: { id: std.extVar('session').id } }")
  await writeFile(join(folder, 'broken.jsonnet'), '{ claims: ')
  await writeFile(join(folder, 'person.json'), '{ "type": "object", "properties": { "traits": { "type": "object" } } }')
})
afterAll(() => rm(folder, { recursive: true }))

async function load(template: string) {
  const file = join(folder, 'kratos.yml')
  await writeFile(
    file,
    `selfservice: { default_browser_return_url: / }
identity: { default_schema_id: p, schemas: [{ id: p, url: "file://./person.json" }] }
session:
  whoami:
    tokenizer:
      templates:
        shop: ${template}
`,
  )
  return loadOriginals({ kratos: file }, {})
}

const problemsOf = async (template: string) => {
  const error = await load(template).catch((thrown: unknown) => thrown)
  if (!(error instanceof ConfigError)) throw error
  return error.problems.map(({ line, key, expected, found }) => `${line} ${key}: expected ${expected}, found ${found}`)
}

describe('templates of tokens', () => {
  it('are read with their files, which are watched', async () => {
    const { config, files, notices } = await load(
      '{ jwks_url: "file://./keys.json", claims_mapper_url: "file://./claims.jsonnet", ttl: 5m }',
    )
    expect(notices).toEqual([])
    expect(config.identity.session.whoami.tokenizer?.templates?.shop).toMatchObject({
      ttl: 300_000,
      subject_source: 'id',
    })
    expect(files).toEqual(expect.arrayContaining([join(folder, 'keys.json'), join(folder, 'claims.jsonnet')]))
  })

  const place = 'session.whoami.tokenizer.templates.shop'
  it.each([
    ['{ jwks_url: "file://./missing.json" }', 'jwks_url: expected a key set .*, found no file '],
    ['{ jwks_url: "file://./public.json" }', 'jwks_url: expected a key set .*, found a key that is not a private key'],
    ['{ jwks_url: "base64://e30=" }', 'jwks_url: expected a key set .*, found a key with the algorithm ""'],
    ['{ jwks_url: "ftp://a.example/keys" }', 'jwks_url: expected a key set .*, found a scheme other than file'],
    [
      '{ jwks_url: "file://./keys.json", claims_mapper_url: "file://./broken.jsonnet" }',
      'claims_mapper_url: expected a Jsonnet snippet, found claims_mapper_url:1:',
    ],
    [
      '{ jwks_url: "file://./keys.json", claims_mapper_url: "file://./none.jsonnet" }',
      'claims_mapper_url: expected a Jsonnet snippet, found no file',
    ],
  ])('are refused at their line: %s', async (template, problem) => {
    expect(await problemsOf(template)).toEqual([expect.stringMatching(new RegExp(`^7 ${place}\\.${problem}`))])
  })

  it('of a stored project cannot name files of the server', async () => {
    const templates = { shop: { jwks_url: `file://${folder}/keys.json` } }
    const identity = {
      selfservice: { default_browser_return_url: 'https://shop.example/' },
      identity: { default_schema_id: 'p', schemas: [{ id: 'p', url: 'base64://e30=' }] },
      session: { whoami: { tokenizer: { templates } } },
    }
    const value = { services: { identity: { config: identity } } }
    const loading = loadStoredProject({ slug: 's', name: 'S' }, { value, mainBaseUrl: 'http://localhost:4000/' })
    await expect(loading).rejects.toThrow(/jwks_url.*allowed only in configuration files/)
  })
})
