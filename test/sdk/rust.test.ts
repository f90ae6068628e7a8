import { Configuration, FrontendApi } from '@ory/client-fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../stage/prepared.ts'
import { newAddress, startTarget, type Target } from './target.ts'

const script = process.env.LATCHKEY_TEST_RUST

/** This client line sends OpenAPI-Generator/v1.1.11 and supports neither newer credential types nor null objects. */
describe.skipIf(!script)('ory-client 1.1.11 for Rust', () => {
  let server: Target
  beforeAll(async () => {
    server = await startTarget()
  })
  afterAll(() => server?.stop())

  it('runs the identity operations and parses every response', async () => {
    const headers = { accept: 'application/json' }
    const frontend = new FrontendApi(new Configuration({ basePath: server.public, headers }))
    const flow = await frontend.createNativeRegistrationFlow()
    const email = newAddress()
    const { identity } = await frontend.updateRegistrationFlow({
      flow: flow.id,
      updateRegistrationFlowBody: { method: 'password', password: 'correct-Horse-7-battery', traits: { email } },
    })
    await server.code(email)
    const done = await run(script as string, [server.admin, identity.id])
    expect(done.ok, done.tail).toBe(true)
  })
})
