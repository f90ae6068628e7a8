import { describe, expect, it } from 'vitest'
import { german } from './messages.de.ts'
import { type MessageId, messages, type UiMessage } from './messages.ts'
import { localize, uiText } from './wording.ts'

const ids = Object.keys(messages).map(Number) as MessageId[]
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, key]) => key))].sort()

describe('UI messages', () => {
  it.each(ids)('%i uses only declared context, and the same in both languages', (id) => {
    const { text, context = {} }: UiMessage = messages[id]
    for (const key of placeholders(text)) expect(Object.keys(context)).toContain(key)
    expect(placeholders(german[id])).toEqual(placeholders(text))
  })

  it('have unique names', () => {
    const names = ids.map((id) => messages[id].name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('have no context if the id declares none', () => {
    expect(uiText(1070001)).toEqual({ id: 1070001, text: 'Password', type: 'info' })
  })

  it('contain the context in the text and as a property', () => {
    const text = uiText(4000032, { min_length: 8, actual_length: 3 })
    expect(text.context).toEqual({ min_length: 8, actual_length: 3 })
    expect(text.text).toContain('8 or more characters (now 3)')
    expect(localize(text, 'de')).toContain('mindestens 8 Zeichen (jetzt 3)')
  })

  it('do not interpret placeholders or brackets inside a value', () => {
    expect(uiText(4000001, { reason: 'needs {reason} or [one of {secret}]' }).text).toBe(
      'needs {reason} or [one of {secret}]',
    )
  })

  it('omit unknown hints', () => {
    const some = uiText(4000028, {
      available_credential_types: ['password', 'oidc', 'saml'],
      available_oidc_providers: [],
      credential_identifier_hint: '',
    })
    expect(some.text).toBe(
      'This already belongs to an account. Sign in to it with your password or an account connected to it.',
    )
  })

  it('name JSON types in plain language', () => {
    const text = uiText(4000026, { allowed_types: ['string', 'null'], actual_type: 'object' })
    expect(text.text).toBe('This needs to be text or empty, but is a group of fields.')
    expect(localize(text, 'de')).toBe('Hier wird Text oder nichts erwartet, nicht eine Gruppe von Feldern.')
  })

  it('format lists of messages in the language of the reader', () => {
    const secrets = [
      uiText(1050009, { secret: 'abc' }),
      uiText(1050014, { used_at: '2026-03-01T10:00:00Z', used_at_unix: 1772359200 }),
    ]
    expect(localize(uiText(1050015, { secrets }), 'de')).toBe('abc, Benutzt am 01.03.2026, 10:00')
  })

  it('keep their text if the id is unknown or the context incomplete', () => {
    expect(localize({ id: 9999999, text: 'Hello', type: 'info' }, 'de')).toBe('Hello')
    expect(localize({ id: 1010002, text: 'Sign in with Acme', type: 'info' }, 'de')).toBe('Sign in with Acme')
  })

  it('require the context of an id at compile time', () => {
    // @ts-expect-error the reason is missing
    uiText(4000001)
    // @ts-expect-error this message has no context
    uiText(1070001, { title: 'x' })
    // @ts-expect-error the length is a number
    uiText(4000003, { min_length: '3', actual_length: 1 })
  })
})
