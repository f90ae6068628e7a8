import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../test/running.ts'

let server: Awaited<ReturnType<typeof openApp>>
beforeAll(async () => {
  server = await openApp({ env: { TRUSTED_PROXIES: '192.0.2.0/24' } })
})
afterAll(() => server.close())

test.each(['/', '/dev/mailbox'])(
  '%s is for this machine only, whatever a proxy or the Host header says',
  async (path) => {
    const status = async (address: string, headers: Record<string, string> = {}) =>
      (await server.call('GET', path, { address, headers: { accept: 'text/html', ...headers } })).status
    expect([await status('127.0.0.1'), await status('::1'), await status('::ffff:127.0.0.1')]).toEqual([200, 200, 200])
    expect(await status('192.0.2.2')).toBe(404)
    expect(await status('192.0.2.2', { 'x-forwarded-for': '127.0.0.1', host: 'localhost:4000' })).toBe(404)
  },
)

test('a development server listens on this machine only', () => {
  expect(server.app.listeners.map(({ host, isOpen }) => ({ host, isOpen }))).toEqual([
    { host: '127.0.0.1', isOpen: false },
  ])
})
