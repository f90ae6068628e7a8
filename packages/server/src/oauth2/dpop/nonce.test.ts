import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { newProver, type Prover, tokenRequestWith, useDpop } from '../../../test/dpop.ts'
import { createClient, routes, type TestClient } from '../../../test/oauth2-flows.ts'
import { newNonce } from './nonce.ts'

describe('the nonce of a DPoP proof (RFC 9449, section 8)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  let prover: Prover
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
    prover = await newProver()
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    useDpop(project, { nonce_required: true })
    client = await createClient(project, { grant_types: ['client_credentials'] })
  })

  const send = async (claims: Record<string, unknown>) => {
    const proof = await prover.prove(project, { claims })
    return tokenRequestWith(project, client, { grant_type: 'client_credentials', proof })
  }
  const asked = { status: 400, body: { error: 'use_dpop_nonce' }, headers: { 'dpop-nonce': expect.any(String) } }

  test('is asked for, and a proof with it is accepted, whatever its clock says', async () => {
    const first = await send({})
    expect(first).toMatchObject(asked)
    const nonce = first.headers['dpop-nonce']
    const second = await send({ nonce, iat: 1 })
    expect(second.status).toBe(200)
    expect(second.headers['dpop-nonce']).toEqual(expect.any(String))
  })

  test('does not let a proof be used twice', async () => {
    const nonce = newNonce(project.ctx)
    expect((await send({ nonce, jti: 'one' })).status).toBe(200)
    app.clock.advance(120_000)
    expect(await send({ nonce, jti: 'one' })).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
  })

  test('expires', async () => {
    const nonce = newNonce(project.ctx)
    app.clock.advance(300_000)
    expect(await send({ nonce })).toMatchObject(asked)
  })

  test('of another project, or made up, is none', async () => {
    expect(await send({ nonce: newNonce((await app.project()).ctx) })).toMatchObject(asked)
    expect(await send({ nonce: 'made up' })).toMatchObject(asked)
    expect(await send({ nonce: 7 })).toMatchObject(asked)
    expect(await send({ nonce: 'a'.repeat(300) })).toMatchObject(asked)
  })
})
