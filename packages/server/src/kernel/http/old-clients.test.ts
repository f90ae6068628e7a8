import { describe, expect, test } from 'vitest'
import type { Context } from '../context.ts'
import type { Call, Reply, Route } from './index.ts'
import { json, jsonText, plain } from './index.ts'
import { forOldClients } from './old-clients.ts'

const python = 'OpenAPI-Generator/v1.1.11/python'

async function handleForClient(reply: Reply, userAgent: string): Promise<Reply> {
  const route: Route = { method: 'GET', path: '/', plane: 'admin', csrf: 'off', handle: () => reply }
  const [wrapped] = forOldClients([route])
  return (wrapped as Route).handle({} as Context, { userAgent } as Call)
}

const identity = {
  id: '1',
  organization_id: null,
  traits: { email: 'ada@harbour.example', nickname: null },
  metadata_public: null,
  metadata_admin: { notes: null },
  credentials: {
    password: { type: 'password', config: { salt: null } },
    code: { type: 'code' },
    passkey: { type: 'passkey' },
    oidc: { type: 'oidc' },
  },
}
const understood = {
  id: '1',
  traits: { email: 'ada@harbour.example', nickname: null },
  metadata_admin: { notes: null },
  credentials: { password: { type: 'password', config: { salt: null } }, oidc: { type: 'oidc' } },
}

describe('a client of the 1.1 line', () => {
  test.each([python, 'OpenAPI-Generator/1.1.11/ruby'])(
    '%s gets no credentials that it does not know and no null members',
    async (agent) => {
      expect((await handleForClient(json(200, identity), agent)).body).toEqual(understood)
    },
  )

  test('gets the same from JSON that was written already, in lists too', async () => {
    const written = JSON.stringify([identity])
    for (const text of [written, Buffer.from(written)]) {
      const reply = await handleForClient(jsonText(200, text, { headers: { link: 'x' } }), python)
      expect(reply).toMatchObject({ status: 200, body: [understood], headers: { link: 'x' } })
      expect(reply.text).toBeUndefined()
    }
  })

  test('is not told of proofs that it does not know', async () => {
    const proof = { aal: 'aal1', completed_at: '2026-01-01T00:00:00Z' }
    const session = {
      authentication_methods: [
        { ...proof, method: 'code' },
        { ...proof, method: 'password' },
      ],
    }
    expect((await handleForClient(json(200, session), python)).body).toEqual({
      authentication_methods: [proof, { ...proof, method: 'password' }],
    })
  })

  test('gets forms with their methods', async () => {
    const flow = { ui: { method: 'POST', action: '/' } }
    expect((await handleForClient(json(200, flow), python)).body).toEqual(flow)
  })

  test('gets text as it is', async () => {
    expect(await handleForClient(plain(404, 'null'), python)).toEqual(plain(404, 'null'))
  })
})

test.each(['OpenAPI-Generator/1.22.65/js', 'OpenAPI-Generator/1.10.0/python', 'Mozilla/5.0', ''])(
  '%s gets everything',
  async (agent) => {
    const reply = json(200, identity)
    expect(await handleForClient(reply, agent)).toBe(reply)
  },
)
