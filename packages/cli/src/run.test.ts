import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@latchkey/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'
import { plainStyle, type Terminal } from './terminal.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  await write('person.json', JSON.stringify({ type: 'object', properties: { traits: { type: 'object' } } }))
  await write('good.yml', kratos)
  await write('bad.yml', `${kratos}session: { lifespan: soon }\nsecrets: { cookie: [short-secret] }\n`)
  await write('keto.yml', 'namespaces: [{ name: videos, id: 1 }]\n')
  await write('hydra.yml', 'dev: true\nsqa: { opt_out: true }\n')
  await write('other.yml', 'dsn: sqlite://data/other.sqlite\n')
  await write('project.yml', `services:\n  identity:\n    config:\n${kratos.replace(/^(?=.)/gm, '      ')}`)
})
afterAll(() => rm(folder, { recursive: true }))

const kratos = `selfservice: { default_browser_return_url: https://app.example.org/ }
identity:
  default_schema_id: person
  schemas:
    - { id: person, url: "file://./person.json" }
`

const write = (name: string, text: string) => writeFile(join(folder, name), text)

async function latchkey(line: string, env: Record<string, string> = {}) {
  const out: string[] = []
  const err: string[] = []
  const terminal: Terminal = {
    env,
    cwd: folder,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    style: plainStyle,
  }
  const status = await run(line.split(' ').filter(Boolean), terminal)
  return { status, out: out.join('\n'), err: err.join('\n') }
}

describe('the command line', () => {
  it('prints the version', async () => {
    expect(await latchkey('version')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^latchkey \d+\.\d+\.\d+/),
    })
  })

  it('explains itself', async () => {
    const { status, out } = await latchkey('serve --help')
    expect(status).toBe(0)
    for (const option of ['--dev', '--port', '--dsn', '--config', '--workers', '--kratos', '--hydra', '--keto'])
      expect(out).toContain(option)
  })

  it.each([
    ['an unknown command', 'dance', /unknown command/],
    ['an unknown option', 'serve --nonsense', /unknown option/],
    ['a port that is none', 'serve --dev --port 70000', /integer from 1 to 65535/],
    ['a number of workers that is none', 'serve --dev --workers 0', /integer from 1 to 256/],
    ['nothing to serve', 'serve', /No configuration was given/],
    ['two configurations at once', 'serve -c good.yml --kratos good.yml', /cannot be combined/],
    ['a project beside a Keto file', 'serve -c good.yml --keto keto.yml', /-c and --keto cannot be combined/],
    ['a project beside a Hydra file', 'serve -c good.yml --hydra hydra.yml', /-c and --hydra cannot be combined/],
    ['no database in drop-in mode', 'serve --kratos good.yml', /No database/],
    ['no database for Keto', 'serve --keto keto.yml', /No database/],
    ['a public port for Keto', 'serve --keto keto.yml --dsn memory --port 4000', /--port/],
    ['no database for Hydra', 'serve --hydra hydra.yml', /No database/],
    [
      'one port for two public listeners',
      'serve --kratos good.yml --hydra hydra.yml --dsn memory --port 4000',
      /of which there are two/,
    ],
    ['several workers on a database in memory', 'serve --dev --dsn memory --workers 2', /need a shared database/],
    ['a comparison without Kratos’s listeners', 'serve --dev --shadow http://localhost:1', /--shadow needs --kratos/],
    ['a comparison with a path', 'serve --kratos good.yml --shadow http://localhost/path', /are URLs such as/],
    ['a token for a database in memory', 'token create --dsn memory', /memory/],
    ['nothing to check', 'config validate', /No file was given/],
  ])('refuses %s with code 2', async (_, line, message) => {
    const { status, err, out } = await latchkey(line)
    expect(status).toBe(2)
    expect(err).toMatch(message)
    expect(out).toBe('')
  })

  it.each(['migrate', 'serve --keto keto.yml', 'serve --keto keto.yml --workers 2'])(
    '%s on the database of an original fails with code 1 and says what to do',
    async (command) => {
      if (!existsSync(join(folder, 'original.sqlite'))) {
        const original = await openDatabase(`sqlite://${join(folder, 'original.sqlite')}`)
        await original.unscoped.schema.createTable('keto_relation_tuples').addColumn('shard_id', 'text').execute()
        await original.close()
      }
      const { status, err, out } = await latchkey(`${command} --dsn sqlite://original.sqlite`)
      expect(status).toBe(1)
      expect(err).toMatch(/belongs to Ory Keto .* latchkey import keto has not run/)
      expect(out).toBe('')
    },
  )

  it('fails with code 1 when a database cannot be opened', async () => {
    expect(await latchkey('migrate --dsn mysql://nowhere')).toMatchObject({
      status: 1,
      err: expect.stringContaining('DSN'),
    })
  })
})

describe('config validate', () => {
  it('warns of what is not supported yet, and says how to do without a missing method', async () => {
    await write('flags.yml', `${kratos}feature_flags: { refresh_login_choose_address: true }\n`)
    const warned = await latchkey('config validate flags.yml')
    expect(warned).toMatchObject({ status: 0, out: 'valid flags.yml (a Kratos configuration)' })
    expect(warned.err).toMatch(
      /^warning flags\.yml:6:\d+ {2}feature_flags\.refresh_login_choose_address: not supported yet/,
    )
    await write('saml.yml', kratos.replace('.org/ }', '.org/, methods: { saml: { enabled: true } } }'))
    const refused = await latchkey('config validate saml.yml')
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('--without saml') })
    for (const [line, env] of [
      ['--without saml', {}],
      ['', { LATCHKEY_WITHOUT: 'saml' }],
    ] as const) {
      const { status, err } = await latchkey(`config validate saml.yml ${line}`, env)
      expect({ status, err }).toEqual({ status: 0, err: expect.stringContaining('disabled by --without saml') })
    }
    const { err } = await latchkey('config validate good.yml --without nonsense')
    expect(err).toContain('--without nonsense has no effect')
  })

  it('accepts files of all kinds', async () => {
    expect(await latchkey('config validate good.yml project.yml hydra.yml keto.yml --keto other.yml')).toEqual({
      status: 0,
      out: [
        'valid good.yml (a Kratos configuration)',
        'valid project.yml (a project)',
        'valid hydra.yml (a Hydra configuration)',
        'valid keto.yml (a Keto configuration)',
        'valid other.yml (a Keto configuration)',
      ].join('\n'),
      err: '',
    })
  })

  it('merges the files of an option that is given several times', async () => {
    await write('more.yml', 'session: { lifespan: 5h }\n')
    await write('wrong.yml', 'session: { lifespan: never }\n')
    const { status, out } = await latchkey('config validate --kratos good.yml --kratos more.yml')
    expect({ status, out }).toEqual({ status: 0, out: 'valid good.yml + more.yml (a Kratos configuration)' })
    const wrong = await latchkey('config validate --kratos good.yml --kratos wrong.yml')
    expect(wrong.err).toContain('wrong.yml:1:12  session.lifespan')
    const fixed = await latchkey('config validate --kratos good.yml --kratos wrong.yml --kratos more.yml')
    expect(fixed.status).toBe(0)
  })

  it('names file, line, key, what was expected and what was found', async () => {
    const { status, out, err } = await latchkey('config validate bad.yml')
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(err).toBe(`The configuration is invalid: 2 problems

  bad.yml:6:12  session.lifespan
    expected a duration such as 15m or 1h30m
    found    "soon"

  bad.yml:7:21  secrets.cookie.0
    expected a secret of at least 16 characters
    found    a value that is not shown`)
  })

  it('checks the environment together with the file', async () => {
    const { status, err } = await latchkey('config validate good.yml', { SESSION_LIFESPAN: 'soon' })
    expect(status).toBe(2)
    expect(err).toContain('environment  SESSION_LIFESPAN (session.lifespan)')
  })

  it('goes on after a bad file', async () => {
    const { status, out } = await latchkey('config validate bad.yml good.yml')
    expect(status).toBe(2)
    expect(out).toContain('valid good.yml')
  })

  it('takes a file for what an option says it is', async () => {
    const { status, err } = await latchkey('config validate -c good.yml')
    expect(status).toBe(2)
    expect(err).toContain('services')
  })

  it('prints JSON for programs', async () => {
    const { status, out } = await latchkey('config validate --json bad.yml')
    expect(status).toBe(2)
    expect(JSON.parse(out)).toMatchObject([
      { key: 'session.lifespan', line: 6, column: 12 },
      { key: 'secrets.cookie.0' },
    ])
  })

  it('tells a file that is not there', async () => {
    expect((await latchkey('config validate none.yml')).err).toContain('no such file')
  })
})

describe('a database file', () => {
  it('is migrated once', async () => {
    expect((await latchkey('migrate --dsn sqlite://data/one.sqlite')).out).toContain('applied')
    expect((await latchkey('migrate --dsn sqlite://data/one.sqlite')).out).toBe('The database is up to date.')
  })

  it('takes its name from the variable DSN', async () => {
    const env = { DSN: 'sqlite://data/two.sqlite' }
    expect((await latchkey('migrate', env)).out).toContain('applied')
    expect((await latchkey('migrate --dsn sqlite://data/two.sqlite')).out).toBe('The database is up to date.')
  })

  it('takes its name from a Keto file', async () => {
    expect((await latchkey('migrate --keto other.yml')).out).toContain('applied')
    expect((await latchkey('migrate --dsn sqlite://data/other.sqlite')).out).toBe('The database is up to date.')
  })

  it('is the one of --dsn where two files name two', async () => {
    await write('named.yml', `dsn: memory\n${kratos}`)
    const line = 'migrate --kratos named.yml --keto other.yml'
    expect(await latchkey(line)).toMatchObject({ status: 2, err: expect.stringContaining('other.yml:1:1  dsn') })
    expect((await latchkey(`${line} --dsn sqlite://data/four.sqlite`)).status).toBe(0)
  })

  it('gets a new token each time, printed alone', async () => {
    const first = await latchkey('token create --dsn sqlite://data/three.sqlite')
    const second = await latchkey('token create --dsn sqlite://data/three.sqlite')
    expect(first.out).toMatch(/^ory_pat_\w+$/)
    expect(second.out).toMatch(/^ory_pat_\w+$/)
    expect(second.out).not.toBe(first.out)
  })
})
