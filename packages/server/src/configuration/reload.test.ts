import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApp } from '../../test/running.ts'
import { customTemplates } from '../courier/load.ts'
import { type ConfigError, defaultProject, loadOriginals } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'configuration-'))
  await writeFile(
    join(folder, 'person.json'),
    JSON.stringify({ type: 'object', properties: { traits: { type: 'object' } } }),
  )
})
afterAll(() => rm(folder, { recursive: true }))

async function load(more: string) {
  const file = join(folder, 'kratos.yml')
  await writeFile(
    file,
    `selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
${more}`,
  )
  return loadOriginals({ kratos: file }, {})
}

const problemsOf = (more: string) =>
  load(more).then(
    () => [],
    (error: ConfigError) => error.problems,
  )

describe('a configuration', () => {
  it('is refused when a mail template that it names is not there, with file, line and key', async () => {
    const problems = await problemsOf(
      'courier:\n  templates:\n    recovery_code:\n      valid:\n        email: { subject: "file://./none.gotmpl" }\n',
    )
    expect(problems).toMatchObject([
      {
        file: join(folder, 'kratos.yml'),
        line: 7,
        key: 'courier.templates.recovery_code.valid.email.subject',
        expected: 'a template that can be used',
      },
    ])
  })

  it('brings the mail templates that it names', async () => {
    await writeFile(join(folder, 'subject.gotmpl'), 'The harbour master writes')
    const subject =
      'courier: { templates: { recovery_code: { valid: { email: { subject: "file://./subject.gotmpl" } } } } }\n'
    const { config } = await load(subject)
    expect(customTemplates({ config }).size).toBe(1)
  })

  it.each([
    [16, 0],
    [17, 1],
  ])('may ask for a bcrypt cost of %i or not: %i problems', async (cost, count) => {
    expect(await problemsOf(`hashers: { bcrypt: { cost: ${cost} } }\n`)).toHaveLength(count)
  })
})

describe('a new configuration of a running server', () => {
  it('counts from the next request on, for outgoing requests too', async () => {
    const inside = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
    await once(inside, 'listening')
    const url = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/`
    const server = await openApp()
    expect((await server.app.ctx.fetch(url)).status).toBe(200)
    const env = { CLIENTS_HTTP_DISALLOW_PRIVATE_IP_RANGES: 'true', SELFSERVICE_FLOWS_RECOVERY_ENABLED: 'false' }
    server.app.reconfigure(await defaultProject({ port: 4000, mode: 'dev' }, env))
    await expect(server.app.ctx.fetch(url)).rejects.toThrow(/private/)
    expect((await server.call('GET', '/self-service/recovery/api')).status).toBe(400)
    server.app.reconfigure(await defaultProject({ port: 4000, mode: 'dev' }))
    expect((await server.app.ctx.fetch(url)).status).toBe(200)
    expect((await server.call('GET', '/self-service/recovery/api')).status).toBe(200)
    await server.close()
    inside.close()
  })

  it('renames the project', async () => {
    const server = await openApp()
    const next = await defaultProject({ port: 4000, mode: 'dev' })
    server.app.reconfigure({ ...next, project: { ...next.project, name: 'Harbour' } })
    expect((await server.call('GET', '/elements/configuration')).body).toMatchObject({ name: 'Harbour' })
    await server.close()
  })

  it('is said to take effect at the next start where it cannot be taken before', async () => {
    const server = await openApp()
    server.app.reconfigure(await defaultProject({ port: 4001, mode: 'dev' }, { SESSION_LIFESPAN: '1h' }))
    const warned = server.lines.map((line) => JSON.parse(line)).filter(({ settings }) => settings)
    expect(warned).toMatchObject([{ level: 40, settings: ['host and port of listeners'] }])
    server.app.reconfigure(await defaultProject({ port: 4000, mode: 'dev' }))
    expect(server.lines.filter((line) => line.includes('"settings"'))).toHaveLength(1)
    await server.close()
  })
})
