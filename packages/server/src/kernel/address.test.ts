import { describe, expect, it, test } from 'vitest'
import {
  isDeliverable,
  isEmail,
  normalizeAddress,
  normalizeIdentifier,
  normalizeIdentifierPrefix,
  phoneNumber,
  readAddress,
} from './address.ts'

describe('email addresses', () => {
  it.each([
    'a@example.org',
    'a@localhost',
    'ünï@example.org',
    "o'neil+pier@example.org",
    `${'x'.repeat(64)}@example.org`,
  ])('accepts %s, to which it can send', (value) => {
    expect(isEmail(value)).toBe(true)
    expect(isDeliverable({ via: 'email', value: normalizeAddress('email', value) })).toBe(true)
  })

  it.each([
    ...['', 'a', '@example.org', 'a@', 'a b@example.org', ' a@example.org', 'a@-x.org', 'a@example..org'],
    ...['a..b@example.org', 'a@b@c@', `${'x'.repeat(65)}@example.org`],
    ...['a@example.org\r\nBcc: b@example.org', '"a\r\n"@example.org', 'Ann <a@example.org>', 'a@x.org,b@x.org'],
    ...['"a b"@example.org', '"a"@example.org', 'a@example.org.', 'a@[127.0.0.1]'],
    // These have another shape once they are normalized.
    ...['a\uFE6Bb@example.org', 'a\u2025b@example.org', '\u2474@example.org', '\u200B@example.org', 'a\uFF0Cb@x.org'],
  ])('refuses %j', (value) => expect(isEmail(value)).toBe(false))
})

describe('identifiers that look the same', () => {
  it.each([' Ann@Example.org ', 'ａｎｎ@example.org', 'ann@example\u00AD.org', 'ANN@EXAMPLE.ORG'])(
    'are one: %j',
    (value) => expect(normalizeIdentifier(value)).toBe('ann@example.org'),
  )

  it.each([
    ...[0x00, 0x1f, 0x7f, 0xad, 0x34f, 0x61c, 0x600, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x180f],
    ...[0x200b, 0x200c, 0x200d, 0x200e, 0x202a, 0x202c, 0x202e, 0x2060, 0x2065, 0x2066, 0x2800, 0x3164],
    ...[0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff0, 0xfff9, 0xfffc, 0x1bca0, 0x1d159, 0x1d173],
    ...[0xe0000, 0xe0001, 0xe0020, 0xe0100, 0xe01ef, 0xe0fff],
  ])('differ in no invisible character: U+%x', (point) => {
    const invisible = String.fromCodePoint(point)
    for (const value of [`${invisible}ann@example.org`, `an${invisible}n@example.org`, `ann@example.org${invisible}`])
      expect(normalizeIdentifier(value)).toBe('ann@example.org')
  })

  it.each([
    ['ας@example.org', 'ΑΣ@example.org'],
    ['σας', 'ΣΑΣ'],
    ['ᲀ', 'В'],
    ['ꭰ', 'Ꭰ'],
    ['é', 'e\u034F\u0301'],
    ['\u212Aelvin', 'kelvin'],
  ])('differ in no case: %s and %s', (one, other) => expect(normalizeIdentifier(one)).toBe(normalizeIdentifier(other)))

  it.each([
    ['straße@example.org', 'strasse@example.org'],
    ['mıke@example.org', 'mike@example.org'],
  ])('are two where they are two mailboxes: %s and %s', (one, other) =>
    expect(normalizeIdentifier(one)).not.toBe(normalizeIdentifier(other)),
  )

  test('stay the same when they are normalized again, and in any case, whatever their characters', () => {
    const unstable: string[] = []
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const once = normalizeIdentifier(`a${String.fromCodePoint(point)}b@example.org`)
      if (normalizeIdentifier(once) !== once) unstable.push(point.toString(16))
    }
    expect(unstable).toEqual([])
  })
})

describe('phone numbers', () => {
  it.each([
    '+4915126204550',
    '+49 151 26204550',
    '+49 (0) 151 26204550',
    '(+49) 151/2620-4550',
    '\u202A+49 151 26204550\u202C',
    '+49\u00A0151\u00A026204550',
    '+49 151\u20132620\u20134550',
    'tel:+49-151-26204550',
    'TEL: +49 151 26204550',
    '+49 151 26204550 ext. 5',
    '+49 151 26204550;ext=5',
    '\uFF0B\uFF14\uFF19 151 26204550',
    '+49\t151\u200B26204550',
  ])('have one form: %j', (value) => {
    const e164 = '+4915126204550'
    expect(phoneNumber(value)).toBe(e164)
    expect(normalizeIdentifier(value)).toBe(e164)
    expect(normalizeAddress('sms', value)).toBe(e164)
    expect(readAddress(value)).toEqual({ via: 'sms', value: e164 })
    expect(isDeliverable({ via: 'sms', value: e164 })).toBe(true)
  })

  it.each([
    '',
    '0151 26204550',
    '+49 151',
    'call +49 151 26204550',
    '+49 151 26204550 ann',
    '+1 800 FLOWERS',
    '++4915126204550',
  ])('refuses %j', (value) => expect(phoneNumber(value)).toBeUndefined())

  it.each([
    ['+49 151 2', '+491512'],
    ['+49 (151) 26204550', '+4915126204550'],
    ['Ann+', 'ann+'],
    ['', ''],
  ])('are found by their start: %j', (start, expected) => expect(normalizeIdentifierPrefix(start)).toBe(expected))
})
