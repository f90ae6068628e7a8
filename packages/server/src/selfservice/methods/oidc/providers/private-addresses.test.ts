import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProvider, type TestProvider } from '../../../../../test/openid-provider.ts'
import { openHosts } from '../../../../../test/provider-hosts.ts'
import { guardedFetch } from '../../../../kernel/fetch.ts'
import { generic } from './generic.ts'

let hosts: Awaited<ReturnType<typeof openHosts>>
let inside: TestProvider
beforeAll(async () => {
  hosts = await openHosts()
  inside = await openProvider()
})
afterAll(async () => {
  await hosts.close()
  await inside.close()
})

function callTo(issuer: string, exceptions: string[]) {
  const { ctx, ...at } = hosts.callTo({ issuer_url: issuer })
  return { ...at, ctx: { ...ctx, fetch: guardedFetch({ allowPrivate: false, exceptions }) } }
}
const start = { state: 's', isForced: false, parameters: {} }

test('an issuer with a private address is not asked, unless it is excepted', async () => {
  await expect(generic.begin(callTo(inside.issuer, []), start)).rejects.toMatchObject({ code: 502 })
  expect(inside.asked).toEqual([])
  const { url } = await generic.begin(
    callTo(inside.issuer, [`${inside.issuer}/.well-known/openid-configuration`]),
    start,
  )
  expect(url).toContain(inside.issuer)
})

test('the metadata of a public issuer do not lead to private addresses', async () => {
  const metadata = `${inside.issuer}/.well-known/openid-configuration`
  // The metadata can be read, and the endpoints that they name cannot.
  const at = callTo(inside.issuer, [metadata])
  hosts.clock.advance(3_600_001)
  const { kept } = await generic.begin(at, start)
  inside.asked.length = 0
  const returned = new URLSearchParams({ code: inside.codeFor({ sub: 'ada' }) })
  await expect(generic.complete(at, returned, kept)).rejects.toMatchObject({ code: 502 })
  expect(inside.asked).toEqual([])
})
