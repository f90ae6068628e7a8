import { describe, expect, test } from 'vitest'
import { certificate } from '../../../test/client-certificates.ts'
import { hasAlternativeName, hasSubject } from './subject.ts'

const client = await certificate('client')
const selfSigned = await certificate('self-signed-client')

describe('the subject of a certificate', () => {
  test.each([
    'CN=reports,O=Harbour\\, Ltd,C=DE',
    'cn=reports, o=Harbour\\2C Ltd, c=DE',
    'CN=r\\65ports,O=Harbour\\, Ltd,C=DE',
  ])('is %s', (expected) => {
    expect(hasSubject(client, expected)).toBe(true)
  })

  test.each([
    '',
    'CN=reports',
    'reports',
    'C=DE,O=Harbour\\, Ltd,CN=reports',
    'CN=reports,O=Harbour, Ltd,C=DE',
    'CN=Reports,O=Harbour\\, Ltd,C=DE',
    'CN=reports,O=Harbour\\, Ltd,C=DE,C=DE',
    'CN=reports+O=Harbour\\, Ltd,C=DE',
    'CN=other,O=Harbour\\, Ltd,C=DE',
  ])('is not %j', (expected) => {
    expect(hasSubject(client, expected)).toBe(false)
  })
})

describe('the alternative names of a certificate', () => {
  test.each([
    ['dns', 'Reports.example.org'],
    ['uri', 'https://reports.example.org/'],
    ['ip', '192.0.2.7'],
    ['ip', '2001:db8::7'],
    ['email', 'reports@example.org'],
  ] as const)('of kind %s contain %s', (kind, name) => {
    expect(hasAlternativeName(client, kind, name)).toBe(true)
  })

  test.each([
    ['dns', 'example.org'],
    ['dns', '*.example.org'],
    ['dns', '192.0.2.7'],
    ['uri', 'https://reports.example.org'],
    ['ip', '192.0.2.8'],
    ['email', 'Reports@example.org'],
    ['email', ''],
  ] as const)('of kind %s do not contain %j', (kind, name) => {
    expect(hasAlternativeName(client, kind, name)).toBe(false)
  })

  test('are none if the certificate has none', () => {
    expect(hasAlternativeName(selfSigned, 'dns', 'self-signed-client')).toBe(false)
  })
})
