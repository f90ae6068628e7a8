import { expect, test } from 'vitest'
import type { Identity } from '../../identity/index.ts'
import { claimsOf } from './claims.ts'

const updatedAt = '2026-01-02T03:04:05Z'
const identity = (traits: unknown, verifiableAddresses: unknown = []) =>
  ({ document: { traits, verifiable_addresses: verifiableAddresses, updated_at: updatedAt } }) as unknown as Identity

test('claims of a scope come from traits with their name, or a common one', () => {
  const ada = identity({
    email: 'ada@harbour.example',
    phone: '+4930123456',
    name: { first: 'Ada', last: 'Lovelace' },
    username: 'ada',
    locale: 'en',
    secret: 'not a claim',
  })
  expect(claimsOf(ada, ['openid', 'photos'])).toEqual({})
  expect(claimsOf(ada, ['profile'])).toEqual({
    given_name: 'Ada',
    family_name: 'Lovelace',
    name: 'Ada Lovelace',
    preferred_username: 'ada',
    locale: 'en',
    updated_at: 1767323045,
  })
  expect(claimsOf(ada, ['phone'])).toEqual({ phone_number: '+4930123456', phone_number_verified: false })
})

test('an address is verified if the identity has verified that one', () => {
  const addresses = [
    { via: 'email', value: 'ada@harbour.example', verified: true },
    { via: 'sms', value: '+4930123456', verified: false },
  ]
  const same = identity({ email: 'Ada@harbour.example' }, addresses)
  expect(claimsOf(same, ['email'])).toEqual({ email: 'Ada@harbour.example', email_verified: true })
  const other = identity({ email: 'other@harbour.example' }, addresses)
  expect(claimsOf(other, ['email'])).toEqual({ email: 'other@harbour.example', email_verified: false })
  expect(claimsOf(identity({}, addresses), ['email', 'phone'])).toEqual({
    email: 'ada@harbour.example',
    email_verified: true,
    phone_number: '+4930123456',
    phone_number_verified: false,
  })
})

test('traits that are no texts, or too long for a token, are left out', () => {
  const odd = identity({ email: ['a@b.example'], name: 7, picture: 'x'.repeat(1_001), address: 'Pier 1' })
  expect(claimsOf(odd, ['email', 'profile', 'address'])).toEqual({
    updated_at: 1767323045,
    address: { formatted: 'Pier 1' },
  })
  expect(claimsOf(identity(null), ['email', 'profile', 'address'])).toEqual({ updated_at: 1767323045 })
})
