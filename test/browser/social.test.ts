import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inline, openProvider, type TestProvider, usualMapper } from '../../packages/server/test/openid-provider.ts'
import { type Latchkey, startDev } from '../stage/latchkey.ts'
import { executablePath, launchBrowser } from './launch.ts'
import { type Device, Visitor } from './visitor.ts'

const devices: Device[] = [
  { name: 'social-phone', width: 360, height: 740, script: true, locale: 'en' },
  { name: 'social-desktop', width: 1280, height: 800, script: false, locale: 'en' },
]

describe.skipIf(!executablePath)('a person with an account at a provider', () => {
  let browser: Browser
  let server: Latchkey
  let acme: TestProvider

  beforeAll(async () => {
    acme = await openProvider()
    const usual = {
      ...{ provider: 'generic', client_id: 'client', client_secret: 'secret', issuer_url: acme.issuer },
      ...{ scope: ['email'], mapper_url: inline(usualMapper) },
    }
    const providers = [
      { ...usual, id: 'acme', label: 'Acme' },
      { ...usual, id: 'bolt', label: 'Bolt' },
    ]
    server = await startDev({
      SELFSERVICE_METHODS_OIDC_ENABLED: 'true',
      SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS: JSON.stringify(providers),
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await acme?.close()
  })

  it.each(devices)('signs up, connects another provider, signs out and in ($name)', async (device) => {
    const faults: string[] = []
    const visitor = await Visitor.arrive(browser, device, server.public)
    const press = (name: string, value: string) =>
      visitor.page.locator(`button[name="${name}"][value="${value}"]`).first().click()
    const email = `${device.name}@pier.example`
    try {
      await visitor.open('/self-service/login/browser')
      faults.push(...(await visitor.look('sign-in')))
      acme.state.visitor = { sub: device.name }
      await press('provider', 'acme')
      await visitor.page.waitForURL(/\/ui\/registration/)
      faults.push(...(await visitor.look('missing-traits')))
      acme.state.visitor = { sub: device.name, email }
      await visitor.field('traits.email').fill(email)
      await press('provider', 'acme')
      await visitor.page.waitForURL(/\/ui\/sessions/)

      await visitor.open('/ui/settings')
      faults.push(...(await visitor.look('settings')))
      acme.state.visitor = { sub: `${device.name}-bolt` }
      await press('link', 'bolt')
      await visitor.page.waitForURL(/\/ui\/settings/)
      expect(await visitor.page.locator('button[name="unlink"][value="bolt"]').count()).toBe(1)

      await visitor.page.context().clearCookies()
      await visitor.open('/self-service/login/browser')
      await press('provider', 'bolt')
      await visitor.page.waitForURL(/\/ui\/sessions/)
      expect(faults).toEqual([])
    } finally {
      await visitor.leave()
    }
  })
})
