import { expect, test } from 'vitest'
import { refuseForeignPages } from './foreign-pages.ts'

const baseUrl = 'https://admin.harbour.example/'
const own = 'https://admin.harbour.example'

function isRefused(headers: Record<string, string>, allowedOrigins?: string[]): boolean {
  const cors = allowedOrigins && {
    ...{ allowedOrigins, allowedMethods: [], allowedHeaders: [], exposedHeaders: [] },
    ...{ allowCredentials: false, maxAgeSeconds: 0 },
  }
  try {
    refuseForeignPages({ header: (name) => headers[name] }, { baseUrl, cors })
    return false
  } catch (error) {
    expect(error).toMatchObject({ httpStatus: 403 })
    return true
  }
}

test.each([
  ['a program', { host: 'kratos-admin:4434' }],
  ['a page of the listener', { host: 'admin.harbour.example', origin: own, 'sec-fetch-site': 'same-origin' }],
  ['a page at the address of the machine', { host: '10.1.2.3:4434', origin: 'http://10.1.2.3:4434' }],
  ['a page on the same machine', { host: 'localhost:4434', origin: 'http://localhost:4434' }],
  ['an address that was typed', { host: 'localhost:4434', 'sec-fetch-site': 'none' }],
])('%s is answered', (_, headers) => expect(isRefused(headers as Record<string, string>)).toBe(false))

test.each([
  ['a page of another site', { host: 'localhost:4434', origin: 'https://evil.example' }],
  ['a page of another site that hides its origin', { host: 'localhost:4434', 'sec-fetch-site': 'cross-site' }],
  ['a page in a sandbox', { host: 'localhost:4434', origin: 'null' }],
  ['a page at another port', { host: 'localhost:4434', origin: 'http://localhost:3000' }],
  ['a page whose name resolves to this machine', { host: 'evil.example:4434', origin: 'http://evil.example:4434' }],
])('%s is refused', (_, headers) => expect(isRefused(headers as Record<string, string>)).toBe(true))

test('pages of origins that CORS allows are answered', () => {
  const headers = { host: 'localhost:4466', origin: 'https://app.harbour.example', 'sec-fetch-site': 'cross-site' }
  expect(isRefused(headers, ['https://app.harbour.example'])).toBe(false)
  expect(isRefused(headers, ['https://other.example'])).toBe(true)
})
