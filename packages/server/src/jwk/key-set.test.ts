import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../test/app.ts'
import { createKey, inOtherProcess } from '../../test/key-sets.ts'
import type { Context } from '../kernel/context.ts'
import type { Transport } from '../kernel/notify.ts'
import { jwkRoutes, idTokenKeys as set, signingKey, signToken, verifyToken } from './index.ts'

describe.each(dsns)('keys that are rotated on %s', (_, dsn) => {
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

  test('fail no request: new keys sign at once, older ones still verify', async () => {
    const other = await inOtherProcess(ctx)
    const tokens: string[] = []
    let isRotating = true
    const rotate = async () => {
      for (let i = 0; i < 5; i++) await newKey({ alg: 'ES256', kid: `key-${i}` })
      isRotating = false
    }
    const use = async (signer: Context, verifier: Context) => {
      do {
        const token = await signToken(signer, set, { sub: 'ada' })
        tokens.push(token)
        expect(await verifyToken(verifier, set, token)).toBeDefined()
      } while (isRotating)
    }
    await Promise.all([rotate(), use(ctx, other), use(other, ctx), use(ctx, ctx)])
    expect((await signingKey(ctx, set)).id).toBe('key-4')
    for (const token of tokens) expect(await verifyToken(ctx, set, token)).toBeDefined()
  })

  test('are read again by processes that were not told', async () => {
    const other = await inOtherProcess(ctx)
    await signingKey(other, set)
    await newKey({ alg: 'ES256', kid: 'latest' })
    app.clock.advance(60_000)
    expect((await signingKey(other, set)).id).toBe('latest')
  })

  test('are read again when messages were lost', async () => {
    let lost = () => {}
    const transport: Transport = {
      reachesAll: true,
      send() {},
      async receive(handlers) {
        lost = handlers.lost
      },
      async close() {},
    }
    const other = await inOtherProcess(ctx, [transport])
    await signingKey(other, set)
    await newKey({ alg: 'ES256', kid: 'unheard' })
    expect((await signingKey(other, set)).id).not.toBe('unheard')
    lost()
    expect((await signingKey(other, set)).id).toBe('unheard')
  })

  test('no longer verify with a deleted key', async () => {
    const token = await signToken(ctx, set, {})
    const { id } = await signingKey(ctx, set)
    expect((await project.call('DELETE', `/admin/keys/${set}/${id}`)).status).toBe(204)
    expect(await verifyToken(ctx, set, token)).toBeUndefined()
    expect((await signingKey(ctx, set)).id).not.toBe(id)
  })
})
