import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEmail, normalizeIdentifier, phoneNumber } from './address.ts'

describe('identifiers', () => {
  it.each([' Ann@Example.org ', 'ａｎｎ@example.org', 'ANN@EXAMPLE.ORG'])('%j has one form', (value) =>
    expect(normalizeIdentifier(value)).toBe('ann@example.org'),
  )

  // Default-ignorable characters, some of them unassigned, and others without a visible shape.
  it.each([
    ...[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x180f, 0x200b, 0x200d, 0x200e, 0x202e],
    ...[0x2060, 0x2065, 0x206f, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff0, 0xfff9, 0xfffc, 0x110bd],
    ...[0x1bca0, 0x1d159, 0x1d173, 0xe0000, 0xe0001, 0xe0020, 0xe0100, 0xe01ef, 0xe0fff, 0x00, 0x1f, 0x7f, 0x85],
  ])('no character hides in them: U+%i', (code) => {
    const hidden = String.fromCodePoint(code)
    expect(normalizeIdentifier(`an${hidden}n@example.org`)).toBe('ann@example.org')
    expect(normalizeIdentifier(`e${hidden}\u0301`)).toBe('é')
  })

  it.each([
    ['ΑΣ@example.org', 'ας@example.org'],
    ['ΣΑΣ', 'σας'],
    ['ᲀ', 'В'],
    ['ſam', 'SAM'],
    ['Ⅷ', 'ⅷ'],
    ['Ꭰ', 'ꭰ'],
    ['ẞ', 'ß'],
    ['ﬁne', 'FINE'],
  ])('%j and %j are one, since they differ in case or in form only', (one, other) =>
    expect(normalizeIdentifier(one)).toBe(normalizeIdentifier(other)),
  )

  it.each([
    ['strasse', 'straße'],
    ['ı', 'i'],
    ['e', 'é'],
    ['аnn', 'ann'],
  ])('%j and %j are two', (one, other) => expect(normalizeIdentifier(one)).not.toBe(normalizeIdentifier(other)))

  it('do not change when they are normalized again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const once = normalizeIdentifier(text)
        expect(normalizeIdentifier(once)).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })

  it('are refused before they are normalized if they are too long', () => {
    expect(() => normalizeIdentifier('\uFDFA'.repeat(321))).toThrow(expect.objectContaining({ httpStatus: 400 }))
    expect(normalizeIdentifier('a'.repeat(320))).toBe('a'.repeat(320))
  })
})

describe('phone numbers', () => {
  it.each([
    '+49 151 26204550',
    '\u202a+49 151 26204550\u202c',
    '+49\u00a0151\u00a026204550',
    '+49 151 2620\u20134550',
    'tel:+49-151-26204550',
    '＋49 (0) 151/26204550',
  ])('%j is stored and looked up in E.164', (value) => {
    expect(normalizeIdentifier(value)).toBe('+4915126204550')
    expect(phoneNumber(value)).toBe('+4915126204550')
  })

  it.each(['', '+', '+49', '015126204550', `+49${'1'.repeat(400)}`])('%j is none', (value) =>
    expect(phoneNumber(value)).toBeUndefined(),
  )
})

describe('email addresses', () => {
  it.each(['a@example.org', 'a@localhost', 'ünï@example.org', 'A+b@Example.org', `${'x'.repeat(64)}@example.org`])(
    'accepts %s',
    (value) => expect(isEmail(value)).toBe(true),
  )

  it.each([
    ...[
      '',
      'a',
      '@example.org',
      'a@',
      'a b@example.org',
      ' a@example.org',
      'a@-x.org',
      'a@example..org',
      'a..b@example.org',
    ],
    ...[
      '"a b"@example.org',
      '"a"@example.org',
      'a@example.org.',
      'a@[127.0.0.1]',
      'a,b@example.org',
      '<a@example.org>',
    ],
    // The normalized form has spaces.
    '\uFDFA@example.org',
  ])('refuses %j', (value) => expect(isEmail(value)).toBe(false))

  it.each([
    'a@example.org\r\nBcc: b@example.org',
    '"a\r\n"@example.org',
    `${'x'.repeat(65)}@example.org`,
    `a@${'x.'.repeat(200)}org`,
    'a@b@c@',
  ])('refuses %j, which would do harm in a mail', (value) => expect(isEmail(value)).toBe(false))
})
