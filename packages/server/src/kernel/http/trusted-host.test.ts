import { describe, expect, it } from 'vitest'
import { isTrustedHost } from './trusted-host.ts'

describe('a host', () => {
  const base = 'https://id.example.org/'

  it.each([
    'localhost',
    'localhost:4000',
    'console.localhost:4000',
    '127.0.0.1:4000',
    '192.168.1.5',
    '[::1]:4000',
    'id.example.org',
    'ID.example.org:443',
  ])('is near: %s', (host) => expect(isTrustedHost(host, base)).toBe(true))

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil-localhost',
    '127.0.0.1.evil.example',
    'id.example.org.evil.example',
    'a b',
  ])('is not near: %s', (host) => expect(isTrustedHost(host, base)).toBe(false))
})
