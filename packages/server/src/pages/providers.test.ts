import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../test/app.ts'
import { providerConfig, withProviders } from '../../test/openid-provider.ts'
import { Person } from '../../test/people.ts'
import { selfserviceRoutes } from '../selfservice/index.ts'
import { pageRoutes } from './index.ts'

let app: Awaited<ReturnType<typeof openTestApp>>
beforeAll(async () => {
  app = await openTestApp('memory', [...selfserviceRoutes, ...pageRoutes({ dev: false })])
})
afterAll(() => app.close())

async function policyOf(project: TestProject): Promise<string> {
  const person = new Person(project)
  const flow = await person.begin('login')
  const { headers, body } = await person.call('GET', `/ui/login?flow=${flow.id}`, { headers: { accept: 'text/html' } })
  expect(String(body)).toContain('csrf_token')
  return /form-action [^;]*/.exec(String(headers['content-security-policy']))?.[0] ?? ''
}

test('a page with buttons of providers lets its form lead there, and no other page does', async () => {
  const issuers = ['https://login.acme.example', 'http://localhost:9000/realm']
  const providers = issuers.map((issuerUrl, i) => providerConfig({ id: `p-${i}`, issuer_url: issuerUrl }))
  const policy = await policyOf(await app.project(await withProviders(providers)))
  expect(policy).toMatch(/ https:( |$)/)
  expect(policy).toContain(' http://localhost:9000')
  expect(await policyOf(await app.project())).not.toMatch(/ https:( |$)/)
})
