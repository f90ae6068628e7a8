import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, loadOriginals, loadProjectFile } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'several-'))
  await writeFile(join(folder, 'person.json'), '{"type":"object","properties":{"traits":{"type":"object"}}}')
})
afterAll(() => rm(folder, { recursive: true }))

async function files(...texts: [string, ...string[]]): Promise<[string, ...string[]]> {
  const paths = texts.map((_, index) => join(folder, `${'abc'[index]}.yml`))
  await Promise.all(texts.map((text, index) => writeFile(paths[index] ?? '', text)))
  return paths as [string, ...string[]]
}

async function problemsOf(...texts: [string, ...string[]]) {
  const error = await loadOriginals({ kratos: await files(...texts) }, {}).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems
}

const base = `selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
`

describe('several files of one original', () => {
  it('are merged: maps by their keys, and other values of later files win', async () => {
    const kratos = await files(
      `${base}session: { lifespan: 1h, cookie: { name: first } }\nclients: { web_hook: { header_allowlist: [a, b] } }\n`,
      'session: { cookie: { path: /second } }\nclients: { web_hook: { header_allowlist: [c] } }\n',
      'session: { lifespan: 3h }\ndsn: memory\n',
    )
    const { config, dsn, files: watched } = await loadOriginals({ kratos }, {})
    const { session, clients } = config.identity
    expect(session).toMatchObject({ lifespan: 3 * 3600_000, cookie: { name: 'first', path: '/second' } })
    expect(clients.web_hook.header_allowlist).toEqual(['c'])
    expect(dsn).toBe('memory')
    expect(watched).toEqual([...kratos, join(folder, 'person.json')])
  })

  it('may be empty, and the variables count more than all of them', async () => {
    const kratos = await files(`${base}session: { lifespan: 1h }\n`, '', 'session: { lifespan: 2h }\n')
    expect((await loadOriginals({ kratos }, {})).config.identity.session.lifespan).toBe(2 * 3600_000)
    const { config } = await loadOriginals({ kratos }, { SESSION_LIFESPAN: '4h' })
    expect(config.identity.session.lifespan).toBe(4 * 3600_000)
  })

  it('have their mistakes reported at the file and line of the value that counts', async () => {
    const problems = await problemsOf(
      `${base}session: { lifespan: soon }\n`,
      'cookies: { path: / }\nsession:\n  cookie: { nme: x }\n',
      '\nsession: { lifespan: later }\n',
    )
    expect(problems).toEqual([
      expect.objectContaining({ file: join(folder, 'c.yml'), line: 2, key: 'session.lifespan', found: '"later"' }),
      expect.objectContaining({ file: join(folder, 'b.yml'), line: 3, key: 'session.cookie.nme' }),
    ])
  })

  it('have the problems of all of them reported if they cannot be read', async () => {
    const problems = await problemsOf(base, 'a: [', 'b: {')
    expect(problems.map(({ file }) => file)).toEqual([join(folder, 'b.yml'), join(folder, 'c.yml')])
  })

  it('may be those of Keto, or project files', async () => {
    const keto = await files('namespaces: [{ name: a }]\nlimit: { max_read_depth: 3 }\n', 'namespaces: [{ name: b }]\n')
    const { permission } = (await loadOriginals({ keto }, {})).config
    expect(permission.namespaces.map(({ name }) => name)).toEqual(['b'])
    expect(permission.limit.max_read_depth).toBe(3)
    const project = await files(
      `name: One\nservices: { identity: { config: { ${base.replaceAll('\n', ', ')} } } }\n`,
      'name: Two\n',
    )
    expect((await loadProjectFile(project, {})).project.name).toBe('Two')
  })
})

describe('a relative file', () => {
  const loadWith = async (url: string) => {
    const [kratos] = await files(base.replace('file://./person.json', url))
    return (await loadOriginals({ kratos }, {})).files
  }

  it('is looked for beside the configuration, and then in the working directory', async () => {
    expect(await loadWith('file://person.json')).toContain(join(folder, 'person.json'))
    const inWorkingDirectory = 'packages/server/src/configuration/person.schema.json'
    expect(await loadWith(`file://${inWorkingDirectory}`)).toContain(join(process.cwd(), inWorkingDirectory))
  })

  it('that is in neither is reported beside the configuration', async () => {
    await expect(loadWith('file://./nobody.json')).rejects.toThrow(join(folder, 'nobody.json'))
  })
})
