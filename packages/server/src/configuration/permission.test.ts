import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, defaultProject, type LoadOptions, loadFile, loadOriginals, loadProjectFile } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keto-'))
  await mkdir(join(folder, 'models', 'more'), { recursive: true })
  await write('harbour.ts', model('Quay', 'Ship'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const model = (...names: string[]) =>
  `import { Namespace } from "@ory/keto-namespace-types"\n${names.map((name) => `class ${name} implements Namespace {}\n`).join('')}`
const broken = 'class Quay implements Namespace {}\nclass nonsense {\n'
const inline = (text: string) => `base64://${Buffer.from(text).toString('base64')}`

const load = async (text: string, env: Record<string, string> = {}, options: LoadOptions = {}) =>
  loadOriginals({ keto: await write('keto.yml', text) }, env, options)

const namesOf = async (...given: Parameters<typeof load>) =>
  (await load(...given)).config.permission.namespaces.map(({ name }) => name)

async function problemsOf(...given: Parameters<typeof load>) {
  const error = await load(...given).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems
}

describe('a Keto file', () => {
  it('gets the defaults of Keto', async () => {
    const { mode, originals, dsn, config, installation } = await load('dsn: memory\n')
    expect({ mode, originals, dsn }).toEqual({ mode: 'drop-in', originals: ['keto'], dsn: 'memory' })
    const { namespaces, limit, strictMode } = config.permission
    const { serve } = installation.keto
    expect(namespaces).toEqual([])
    expect(strictMode).toBe(false)
    expect(limit).toEqual({
      max_read_depth: 5,
      max_read_width: 100,
      max_expand_size: 4000,
      max_batch_check_size: 10,
      batch_check_max_parallelization: 5,
    })
    expect(Object.values(serve).map(({ port }) => port)).toEqual([4466, 4467, 4468, 4469])
    expect(serve.read.cors).toMatchObject({ enabled: false, allowed_origins: ['*'], allow_credentials: false })
  })

  it('sets the log where it is served alone', async () => {
    expect((await load('log: { level: warn, format: json_pretty }\n')).installation.log.level).toBe('warn')
  })

  it('may hold every key of the original', async () => {
    const text = `$schema: ./schema.json
version: v26.2.0
profiling: cpu
serve: { opl: { write_listen_file: "file:///dev/null" } }
tracing: { provider: otel }
clients: { http: { disallow_private_ip_ranges: true } }
secrets: { pagination: [a-secret-of-some-length] }
`
    expect((await load(text)).installation.keto.serve.opl.port).toBe(4469)
  })

  it('is overridden by the environment', async () => {
    const { config, installation, dsn } = await load('dsn: memory\nnamespaces: [{ name: videos, id: 1 }]\n', {
      DSN: 'sqlite://other',
      SERVE_READ_PORT: '5000',
      LIMIT_MAX_READ_DEPTH: '9',
      NAMESPACES_LOCATION: 'file://./harbour.ts',
      NAMESPACES_EXPERIMENTAL_STRICT_MODE: 'true',
      LOG_LEVEL: 'warning',
      SESSION_LIFESPAN: 'is of no concern here',
    })
    const { permission } = config
    expect(dsn).toBe('sqlite://other')
    expect(installation.keto.serve.read.port).toBe(5000)
    expect(permission.limit.max_read_depth).toBe(9)
    expect(permission.namespaces.map(({ name }) => name)).toEqual(['Quay', 'Ship'])
    expect(permission.strictMode).toBe(true)
    expect(installation.log.level).toBe('warning')
  })
})

describe('namespaces', () => {
  it('may be listed by name', async () => {
    const { config } = await load('namespaces: [{ name: videos, id: 1 }, { name: files }]\n')
    expect(config.permission.namespaces).toEqual([
      { name: 'videos', relations: [] },
      { name: 'files', relations: [] },
    ])
  })

  it('may be listed by a variable', async () => {
    expect(await namesOf('dsn: memory\n', { NAMESPACES: '[{"name":"videos"}]' })).toEqual(['videos'])
  })

  it('come from a file beside the configuration, which is watched', async () => {
    const text = 'namespaces: { location: "file://./harbour.ts" }\n'
    expect(await namesOf(text)).toEqual(['Quay', 'Ship'])
    expect((await load(text)).files).toEqual([join(folder, 'keto.yml'), join(folder, 'harbour.ts')])
  })

  it('come from an address with the whole path', async () => {
    expect(await namesOf(`namespaces: { location: "file://${folder}/harbour.ts" }\n`)).toEqual(['Quay', 'Ship'])
  })

  it('come from all files of a folder, in the order of their names', async () => {
    await write('models/b.ts', model('Ship'))
    await write('models/a.ts', model('Quay'))
    await write('models/.a.ts.swp', 'half a file')
    await write('models/more/c.ts', model('Crane'))
    const text = 'namespaces: { location: "file://./models" }\n'
    expect(await namesOf(text)).toEqual(['Quay', 'Ship', 'Crane'])
    expect((await load(text)).files).toContain(`${join(folder, 'models')}/`)
  })

  it('come from base64', async () => {
    expect(await namesOf(`namespaces: { location: "${inline(model('Quay'))}" }\n`)).toEqual(['Quay'])
  })

  it('come over HTTP', async () => {
    const fetch = async (url: string) => ({ status: 200, headers: new Headers(), text: model(new URL(url).host) })
    const text = 'namespaces: { location: "https://models/harbour.ts" }\n'
    expect(await namesOf(text, {}, { fetch })).toEqual(['models'])
  })

  it('do not come from a private address where that is forbidden', async () => {
    const text =
      'namespaces: { location: "http://127.0.0.1:1/" }\nclients: { http: { disallow_private_ip_ranges: true } }\n'
    const [problem] = await problemsOf(text)
    expect(problem).toMatchObject({ key: 'namespaces.location', found: expect.stringContaining('private') })
  })

  it.each([
    ['videos.yaml', 'name: videos\nid: 1\n'],
    ['videos.yml', '- { name: videos, id: 1 }\n'],
    ['videos.json', '{ "name": "videos", "id": 1 }'],
    ['videos.toml', 'name = "videos"\nid = 1\n'],
  ])('come from %s as before there was a language', async (name, text) => {
    await write(`models/${name}`, text)
    await write('models/README.md', 'Not a namespace.')
    expect(await namesOf('namespaces: "file://./models"\n')).toEqual(['videos'])
    expect(await namesOf(`namespaces: "file://./models/${name}"\n`)).toEqual(['videos'])
  })
})

describe('a mistake', () => {
  it.each([
    ['an unknown key', 'limit: { max_read_dept: 3 }', 'limit.max_read_dept', 10],
    ['an unknown key at the top', 'identity: {}', 'identity', 1],
    ['a port', 'serve: { write: { port: 70000 } }', 'serve.write.port', 19],
    ['an unnamed namespace', 'namespaces: [{ id: 1 }]', 'namespaces.0.name', 14],
    ['an unknown key of a namespace', 'namespaces: [{ name: a, nme: b }]', 'namespaces.0.nme', 25],
    ['a location that is missing', 'namespaces: { experimental_strict_mode: true }', 'namespaces.location', 1],
    ['a location that is a list', 'namespaces: { location: ["file://./a"] }', 'namespaces.location', 15],
    ['a model that is not there', 'namespaces: { location: "file://./none.ts" }', 'namespaces.location', 15],
    ['an old namespace file that is not there', 'namespaces: "file://./none"', 'namespaces', 1],
    ['a scheme', 'namespaces: { location: "gopher://hole" }', 'namespaces.location', 15],
  ])('in %s is told with line and key', async (_, line, key, column) => {
    expect(await problemsOf(`dsn: memory\n${line}\n`)).toMatchObject([{ key, line: 2, column }])
  })

  it('in a variable is told by its name', async () => {
    expect(await problemsOf('dsn: memory\n', { LIMIT_MAX_READ_DEPTH: 'deep' })).toMatchObject([
      { file: 'environment', key: 'LIMIT_MAX_READ_DEPTH (limit.max_read_depth)' },
    ])
  })

  it('in a model is told with its file and line', async () => {
    const file = await write('broken.ts', broken)
    expect(await problemsOf('namespaces: { location: "file://./broken.ts" }\n')).toMatchObject([
      { file, line: 2, expected: 'the Ory Permission Language' },
    ])
  })

  it('in a model that has no file is told at the key that names it', async () => {
    const [problem] = await problemsOf(`namespaces: { location: "${inline(broken)}" }\n`)
    expect(problem).toMatchObject({ file: join(folder, 'keto.yml'), key: 'namespaces.location', line: 1 })
    expect(problem?.found).toMatch(/at line 2, column \d+$/)
  })

  it.each([
    ['videos.yaml', 'id: 1\nnme: videos\n', 2, 'nme'],
    ['videos.json', '{ "name": ', 1, ''],
    ['videos.toml', 'id = 1\nname = videos\n', 2, ''],
  ])('in the old namespace file %s is told with its file and line', async (name, text, line, key) => {
    const file = await write(`models/${name}`, text)
    expect(await problemsOf('namespaces: "file://./models"\n')).toContainEqual(
      expect.objectContaining({ file, line, key }),
    )
  })
})

describe('the permission part of a project', () => {
  it('is empty where there is none', async () => {
    const { config } = await defaultProject({ port: 4000, mode: 'dev' })
    expect(config.permission.namespaces).toEqual([])
    expect(config.permission.limit.max_read_depth).toBe(5)
  })

  it('takes the keys of a Keto file, and the environment', async () => {
    const project = await projectWith(
      '{ namespaces: { location: "file://./harbour.ts" }, limit: { max_read_width: 7 } }',
    )
    const { config, files } = await loadProjectFile(project, { LIMIT_MAX_READ_DEPTH: '8' })
    expect(config.permission.namespaces.map(({ name }) => name)).toEqual(['Quay', 'Ship'])
    expect(config.permission.limit).toMatchObject({ max_read_depth: 8, max_read_width: 7 })
    expect(files).toContain(join(folder, 'harbour.ts'))
  })

  it('tells its mistakes beside those of the other parts, with the whole path', async () => {
    const project = await projectWith('{ limt: {} }', 'session: { lifespan: soon }, ')
    const error = await loadProjectFile(project, {}).catch((error: unknown) => error)
    expect((error as ConfigError).problems.map(({ key }) => key)).toEqual([
      'services.identity.config.session.lifespan',
      'services.permission.config.limt',
    ])
  })

  const schemas = `schemas: [{ id: p, url: "${inline('{"type":"object","properties":{"traits":{"type":"object"}}}')}" }]`
  const projectWith = (permission: string, more = '') =>
    write(
      'project.yml',
      `services:
  identity: { config: { ${more}selfservice: { default_browser_return_url: / }, identity: { default_schema_id: p, ${schemas} } } }
  permission: { config: ${permission} }
`,
    )
})

describe('which kind a file is', () => {
  it.each([
    ['dsn: memory', ['keto']],
    ['serve: { read: { port: 4466 } }', ['keto']],
    ['{ version: v26.2.0, limit: {}, log: { level: warn } }', ['keto']],
    ['{ serve: { public: { port: 1 } }, dsn: memory }', ['hydra']],
  ])('is seen from its keys: %s', async (text, originals) => {
    expect((await loadFile(await write('any.yml', text), {})).originals).toEqual(originals)
  })

  it.each([
    ['{ session: { lifespan: 1h } }', 'selfservice'],
    ['{ serve: { public: { port: 1 } }, cookies: {}, dsn: memory }', 'identity.schemas'],
    ['{}', 'identity.schemas'],
  ])('is seen from its keys: %s is no Keto file', async (text, key) => {
    const error = await loadFile(await write('any.yml', text), {}).catch((error: unknown) => error)
    expect((error as ConfigError).problems.some((problem) => problem.key.startsWith(key))).toBe(true)
  })
})

describe('a Kratos and a Keto file', () => {
  const kratos = (dsn: string) =>
    write(
      'kratos.yml',
      `dsn: ${dsn}
selfservice: { default_browser_return_url: / }
identity: { default_schema_id: p, schemas: [{ id: p, url: "${inline('{"type":"object","properties":{"traits":{"type":"object"}}}')}" }] }
`,
    )

  it('make one configuration', async () => {
    const files = { kratos: await kratos('memory'), keto: await write('keto.yml', 'limit: { max_read_depth: 7 }\n') }
    const loaded = await loadOriginals(files, { SESSION_LIFESPAN: '5m', SERVE_OPL_PORT: '5000' })
    expect(loaded).toMatchObject({ originals: ['kratos', 'keto'], dsn: 'memory', files: Object.values(files) })
    expect(loaded.config.identity.session.lifespan).toBe(300_000)
    expect(loaded.config.permission).toMatchObject({ limit: { max_read_depth: 7 } })
    expect(loaded.installation.keto.serve.opl.port).toBe(5000)
  })

  it('are refused where they name two databases, unless one is named for both', async () => {
    const files = { kratos: await kratos('memory'), keto: await write('keto.yml', '\ndsn: sqlite://other\n') }
    const error = await loadOriginals(files, {}).catch((error: unknown) => error)
    expect((error as ConfigError).problems).toMatchObject([{ file: files.keto, line: 2, key: 'dsn' }])
    expect((await loadOriginals(files, { DSN: 'sqlite://third' })).dsn).toBe('sqlite://third')
  })

  it('tell the mistakes of both', async () => {
    const keto = await write('keto.yml', 'nothing: 1\n')
    const error = await loadOriginals({ kratos: await kratos('memory'), keto }, { DEV: 'perhaps' }).catch(
      (error) => error,
    )
    expect((error as ConfigError).problems.map(({ key }) => key)).toEqual(['DEV (dev)', 'nothing'])
  })
})
