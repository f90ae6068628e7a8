import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { openApp } from '../../test/running.ts'
import { createProjectToken } from '../apikey/index.ts'
import { defaultDocument } from '../configuration/default-project.ts'
import { defaultProject, loadStoredProject } from '../configuration/index.ts'
import { listMailbox, queueMessage } from '../courier/index.ts'
import { guardedFetch } from '../kernel/fetch.ts'
import { createLogger } from '../kernel/log.ts'
import { openRegistry } from '../project/index.ts'
import { openInstallation } from './installation.ts'

let folder: string
let databases = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nodes-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The built-in project, without an address of its own. */
function projectDocument() {
  const { services, ...document } = defaultDocument(4000)
  const { serve: _, ...config } = services.identity.config
  return { ...document, services: { identity: { config } } }
}

const databaseFor = async (dsn: string) =>
  dsn === 'memory' ? `sqlite://${join(folder, `${databases++}.sqlite`)}` : freshDatabase(dsn)
const host = (slug: string) => `${slug}.projects.localhost`

describe.each(dsns)('a node on %s', (_, dsn) => {
  it('delivers the mail of a project that it has not seen', async () => {
    const database = await databaseFor(dsn)
    const fetch = guardedFetch({ allowPrivate: false })
    const writer = await openInstallation({ database, log: createLogger({ level: 'silent' }), fetch })
    const projects = await openRegistry({
      ...writer,
      main: await defaultProject({ port: 4000, mode: 'dev' }),
      loadConfig: (project, value) => loadStoredProject(project, { value, mainBaseUrl: 'http://localhost:4000/' }),
    })
    const ctx = await projects.save({ slug: 'pier', name: 'Pier' }, projectDocument())
    const data = { to: 'ada@pier.example', login_code: '402118', identity: {}, request_url: '', expires_in_minutes: 15 }
    await queueMessage(ctx, 'login_code_valid', data, { via: 'email' })
    projects.close()
    await writer.close()

    const node = await openApp({ dsn: database })
    const statuses = () => node.app.database.unscoped.selectFrom('courier_messages').select('status').execute()
    await expect.poll(statuses).toEqual([{ status: 'sent' }])
    const pier = await node.app.projects.byHost(host('pier'))
    expect(pier && (await listMailbox(pier))).toMatchObject([{ to: 'ada@pier.example' }])
    await node.close()
  })
})

describe('one node', () => {
  it('serves 1,000 projects, each its own people', { timeout: 240_000 }, async () => {
    const node = await openApp()
    const document = projectDocument()
    const slugs = Array.from({ length: 1000 }, (_, i) => `p${i}`)
    for (const slug of slugs) {
      const { project } = await node.app.projects.save({ slug, name: slug }, document)
      expect(project.slug).toBe(slug)
    }
    const links = new Set<string>()
    for (const slug of slugs) {
      const { status, body } = await node.call('GET', '/self-service/login/api', { headers: { host: host(slug) } })
      expect(status).toBe(200)
      links.add(new URL(body.ui.action).host)
    }
    expect(links.size).toBe(1000)
    const ctx = await node.app.projects.byHost(host('p999'))
    const token = ctx && (await createProjectToken(ctx, 'test'))
    const asAdmin = (slug: string) =>
      node.call('GET', '/admin/identities', { headers: { host: host(slug), authorization: `Bearer ${token}` } })
    expect([(await asAdmin('p999')).status, (await asAdmin('p998')).status]).toEqual([200, 401])
    await node.close()
  })
})

const postgres = process.env.LATCHKEY_TEST_POSTGRES

describe.skipIf(!postgres)('two nodes on one PostgreSQL', () => {
  it('serve the projects of each other, and take their new configurations', async () => {
    const database = await freshDatabase(postgres ?? '')
    const [one, two] = [await openApp({ dsn: database }), await openApp({ dsn: database })]
    const registration = (node: typeof one) =>
      node.call('GET', '/self-service/registration/api', { headers: { host: host('pier') } })
    expect((await registration(two)).status).toBe(404)
    const document = projectDocument()
    await one.app.projects.save({ slug: 'pier', name: 'Pier' }, document)
    await expect.poll(async () => (await registration(two)).status).toBe(200)
    const { config } = document.services.identity
    const flows = {
      ...config.selfservice.flows,
      registration: { ...config.selfservice.flows.registration, enabled: false },
    }
    const closed = { ...config, selfservice: { ...config.selfservice, flows } }
    await one.app.projects.save(
      { slug: 'pier', name: 'Pier' },
      { ...document, services: { identity: { config: closed } } },
    )
    await expect.poll(async () => (await registration(two)).status).toBe(400)
    await one.close()
    await two.close()
  })
})
