import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../test/app.ts'
import { createKey, inOtherProcess } from '../../test/key-sets.ts'
import type { Context } from '../kernel/context.ts'
import { keysFrom } from '../kernel/keys.ts'
import { jwkRoutes, resealKeys, idTokenKeys as set, signToken, verifyToken } from './index.ts'

describe.each(dsns)('keys that are stored on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, jwkRoutes)
    project = await app.project()
    ctx = project.ctx
  })
  afterAll(() => app.close())
  const newKey = (json: object, name = set) => createKey(project, json, name)
  const stored = () => app.database.unscoped.selectFrom('json_web_keys').selectAll().execute()

  test('contain no key material, and belong to their place', async () => {
    const key = await newKey({ alg: 'RS256', kid: 'stored' })
    const text = JSON.stringify(await stored())
    for (const name of ['d', 'p', 'q', 'n']) expect(text).not.toContain(key[name])
    const rows = (await stored()).filter(({ set_name: name, kid }) => name === set && kid === 'stored')
    const { ctx: other } = await app.project()
    const { position, sealed_key, created_at } = rows[0] ?? expect.fail('nothing is stored')
    await other.db
      .insertInto('json_web_keys')
      .values({ set_name: set, kid: 'stored', position, sealed_key, created_at })
      .execute()
    await expect(signToken(other, set, {})).rejects.toThrow('cannot be decrypted')
  })

  test('are encrypted again after a change of the secret', async () => {
    for (const name of ['a', 'b', 'c']) await newKey({ alg: 'EdDSA', kid: `${name} "x"` }, 'reseal')
    const token = await signToken(ctx, 'reseal', {})
    const secrets = [9, 7].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer]
    const changing = { ...ctx, db: ctx.db, keys: keysFrom(...secrets) }
    let pages = 0
    for (let after: string | undefined = ''; after !== undefined; pages++)
      after = await resealKeys(changing, { after, limit: 2 })
    expect(pages).toBeGreaterThan(2)
    const later = Object.assign(await inOtherProcess(ctx), { keys: keysFrom(secrets[0]) })
    expect(await verifyToken(later, 'reseal', token)).toBeDefined()
  })

  test('are invisible to other projects', async () => {
    await newKey({ alg: 'ES256', kid: 'own' }, 'shared-name')
    const other = await app.project()
    for (const path of ['shared-name', 'shared-name/own'])
      expect((await other.call('GET', `/admin/keys/${path}`)).status).toBe(404)
    const made = await other.call('POST', '/admin/keys/shared-name', { json: { alg: 'ES256', kid: 'own' } })
    expect(made.status).toBe(201)
    expect((await other.call('DELETE', '/admin/keys/shared-name')).status).toBe(204)
    const { body } = await project.call('GET', '/admin/keys/shared-name/own')
    expect(body.keys[0].d).not.toBe(made.body.keys[0].d)
  })
})
