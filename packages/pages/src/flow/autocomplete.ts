import { codeFields, digitCodeFields } from '@latchkey/api'
import type { FlowKind } from '../page.ts'
import type { InputAttributes } from './flow.ts'

/** Attributes of a field for browsers, password managers and on-screen keyboards. */
export interface Hints {
  autocomplete?: string
  inputmode?: 'numeric' | 'email' | 'tel' | 'url'
  autocapitalize?: 'none'
  spellcheck?: false
}

export function hintsOf(attributes: InputAttributes, kind: FlowKind): Hints {
  const { name, type } = attributes
  if (digitCodeFields.includes(name)) return { ...literal, autocomplete: 'one-time-code', inputmode: 'numeric' }
  if (codeFields.includes(name)) return { ...literal, autocomplete: 'one-time-code' }
  if (name.endsWith('_displayname')) return { autocomplete: 'off' }
  if (type === 'password') return { ...literal, autocomplete: attributes.autocomplete ?? passwordHint(kind) }
  if (name === 'identifier')
    return { ...literal, autocomplete: attributes.autocomplete ?? 'username', inputmode: 'email' }
  if (type === 'email') return { ...literal, autocomplete: attributes.autocomplete ?? 'email', inputmode: 'email' }
  if (type === 'tel') return { autocomplete: attributes.autocomplete ?? 'tel', inputmode: 'tel' }
  if (type === 'url') return { ...literal, autocomplete: attributes.autocomplete ?? 'url', inputmode: 'url' }
  return { autocomplete: attributes.autocomplete ?? byName(name) }
}

/** Codes may be pasted with spaces and dashes, which the server removes, so the browser must accept them. */
export function isCode(attributes: InputAttributes): boolean {
  return codeFields.includes(attributes.name)
}

const literal = { autocapitalize: 'none', spellcheck: false } as const

function passwordHint(kind: FlowKind): string {
  return kind === 'login' ? 'current-password' : 'new-password'
}

/** WCAG 2.2, 1.3.5 Identify Input Purpose: applies to fields about the user. */
const purposes: Readonly<Record<string, string>> = {
  first: 'given-name',
  first_name: 'given-name',
  firstname: 'given-name',
  given_name: 'given-name',
  last: 'family-name',
  last_name: 'family-name',
  lastname: 'family-name',
  family_name: 'family-name',
  surname: 'family-name',
  name: 'name',
  full_name: 'name',
  nickname: 'nickname',
  username: 'username',
  organization: 'organization',
  company: 'organization',
  country: 'country',
  birthdate: 'bday',
  birthday: 'bday',
}

function byName(name: string): string | undefined {
  if (!name.startsWith('traits.')) return undefined
  return purposes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
}
