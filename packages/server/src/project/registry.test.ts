import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { type OpenInstallation, openInstallation } from '../app/installation.ts'
import { defaultProject } from '../configuration/index.ts'
import type { Context } from '../kernel/context.ts'
import { guardedFetch } from '../kernel/fetch.ts'
import { createLogger } from '../kernel/log.ts'
import { openRegistry, type ProjectRegistry } from './index.ts'
import { ensureProject } from './store.ts'

interface Node extends OpenInstallation {
  projects: ProjectRegistry
  /** The slugs of the projects whose configuration was loaded, in order. */
  loads: string[]
}

const nodes: Node[] = []
afterEach(async () => {
  for (const { projects, close } of nodes.splice(0)) {
    projects.close()
    await close()
  }
})

async function openNode(database: string | OpenInstallation, mostLoaded?: number): Promise<Node> {
  const opened =
    typeof database === 'string'
      ? await openInstallation({
          database,
          log: createLogger({ level: 'silent' }),
          fetch: guardedFetch({ allowPrivate: false }),
        })
      : { ...database, close: async () => {} }
  const { project, config } = await defaultProject({ port: 4000, mode: 'dev' })
  const loads: string[] = []
  const projects = await openRegistry({
    ...opened,
    main: { project, config },
    mostLoaded,
    async loadConfig({ slug }, document) {
      loads.push(slug)
      await new Promise((resolve) => setImmediate(resolve))
      const { lifespan } = document as { lifespan: number }
      if (lifespan < 0) throw new Error('a lifespan below zero')
      const session = { ...config.identity.session, lifespan }
      return { ...config, identity: { ...config.identity, session } }
    },
  })
  const node = { ...opened, projects, loads }
  nodes.push(node)
  return node
}

const lifespanOf = (ctx: Context | undefined) => ctx?.config.identity.session.lifespan
const host = (slug: string) => `${slug}.projects.localhost`
const emptyDatabase = async (dsn: string) => (dsn === 'memory' ? dsn : freshDatabase(dsn))

describe.each(dsns)('the registry on %s', (_, dsn) => {
  it('serves a project that was saved, by host and by id, without loading it again', async () => {
    const { projects, loads } = await openNode(await emptyDatabase(dsn))
    const saved = await projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 5 })
    expect(projects.byHost(host('pier'))).toBe(saved)
    expect(projects.byId(saved.project.id)).toBe(saved)
    expect(loads).toEqual(['pier'])
    expect(projects.byHost(host('default'))).toBe(projects.main)
  })

  it('changes a configuration for the requests that begin from then on', async () => {
    const { projects } = await openNode(await emptyDatabase(dsn))
    const before = await projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 5 })
    await projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 6 })
    expect(lifespanOf(before)).toBe(5)
    expect(lifespanOf(await projects.byHost(host('pier')))).toBe(6)
  })

  it('refuses a configuration that cannot be used, and the project stays as it is', async () => {
    const { projects } = await openNode(await emptyDatabase(dsn))
    await projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 5 })
    await expect(projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: -1 })).rejects.toThrow('below zero')
    expect(lifespanOf(await projects.byHost(host('pier')))).toBe(5)
    await expect(projects.save({ slug: 'default', name: 'Main' }, { lifespan: 5 })).rejects.toThrow('files')
  })

  it('loads a project once however many ask for it at the same time', async () => {
    const database = await emptyDatabase(dsn)
    const writer = await openNode(database)
    const { project } = await writer.projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 5 })
    const reader = await openNode(writer)
    const found = await Promise.all(Array.from({ length: 50 }, () => reader.projects.byHost(host('pier'))))
    expect(new Set(found).size).toBe(1)
    expect(reader.loads).toEqual(['pier'])
    expect(reader.projects.byId(project.id)).toBe(found[0])
  })

  it('remembers for a moment that a project does not exist, and forgets it when it is made', async () => {
    const { projects } = await openNode(await emptyDatabase(dsn))
    expect(projects.byHost(host('pier'))).toBeInstanceOf(Promise)
    await projects.byHost(host('pier'))
    expect(projects.byHost(host('pier'))).toBeUndefined()
    await projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 5 })
    expect(lifespanOf(await projects.byHost(host('pier')))).toBe(5)
  })

  it('is named as its files say, also after a change of the name', async () => {
    const { database, installation } = await openNode(await emptyDatabase(dsn))
    const first = await ensureProject(database, { slug: 'shop', name: 'Shop' }, installation)
    const renamed = await ensureProject(database, { slug: 'shop', name: 'Store' }, installation)
    expect(renamed).toEqual({ ...first, name: 'Store' })
  })

  it('does not serve a project whose configuration stands elsewhere', async () => {
    const { projects, database, installation } = await openNode(await emptyDatabase(dsn))
    const { id } = await ensureProject(database, { slug: 'foreign', name: 'Foreign' }, installation)
    expect(await projects.byId(id)).toBeUndefined()
  })

  it('keeps to its limit with 1,000 projects, and what is in use keeps its context', { timeout: 120_000 }, async () => {
    const { projects, loads } = await openNode(await emptyDatabase(dsn), 50)
    const slugs = Array.from({ length: 1000 }, (_, i) => `p${i}`)
    const ids = new Map<string, string>()
    for (const [i, slug] of slugs.entries()) {
      ids.set(slug, (await projects.save({ slug, name: slug }, { lifespan: i + 1 })).project.id)
    }
    const inUse = await projects.byHost(host('p0'))
    loads.length = 0
    await collectGarbage()
    const found = await Promise.all(slugs.map((slug) => projects.byHost(host(slug))))
    expect(found.map(lifespanOf)).toEqual(slugs.map((_, i) => i + 1))
    expect(found.map((ctx) => ctx?.project.id)).toEqual(slugs.map((slug) => ids.get(slug)))
    // Dropped by now, but this test still holds it.
    expect(await projects.byHost(host('p0'))).toBe(inUse)
    expect(loads.length).toBeGreaterThan(900)
  })
})

/** What nothing holds any more is only gone after this. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  await new Promise((resolve) => setImmediate(resolve))
  runInNewContext('gc')()
}

const postgres = process.env.LATCHKEY_TEST_POSTGRES

describe.skipIf(!postgres)('two nodes on PostgreSQL', () => {
  it('serve what the other saved, and hear of its changes', async () => {
    const database = await freshDatabase(postgres ?? '')
    const [one, two] = [await openNode(database), await openNode(database)]
    expect(await two.projects.byHost(host('pier'))).toBeUndefined()
    const { project } = await one.projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 5 })
    await expect.poll(async () => lifespanOf(await two.projects.byHost(host('pier')))).toBe(5)
    await one.projects.save({ slug: 'pier', name: 'Pier' }, { lifespan: 6 })
    await expect.poll(async () => lifespanOf(await two.projects.byId(project.id))).toBe(6)
    expect(two.loads.length).toBeLessThanOrEqual(3)
  })
})
