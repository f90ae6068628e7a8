import { uiText } from '@latchkey/api'
import type { InputAttributes, UiNode, UiText } from '../src/flow/flow.ts'

/** Creates nodes in the format of the API. */

type Input = Partial<InputAttributes> & { name: string; type: string }

export function input(group: string, attributes: Input, label?: UiText, messages: UiText[] = []): UiNode {
  return {
    type: 'input',
    group,
    attributes: { node_type: 'input', disabled: false, ...attributes },
    messages,
    meta: label ? { label } : {},
  }
}

export function submit(group: string, name: string, value: string, label: UiText): UiNode {
  return input(group, { name, type: 'submit', value }, label)
}

export function hidden(group: string, name: string, value?: string, more: Partial<InputAttributes> = {}): UiNode {
  return input(group, { name, type: 'hidden', value, ...more })
}

export function titled(name: string, title: string): UiText {
  return uiText(1070002, { name, title })
}

export const csrf = hidden('default', 'csrf_token', 'csrf-of-the-flow', { required: true })

export const script: UiNode = {
  type: 'script',
  group: 'webauthn',
  attributes: {
    node_type: 'script',
    id: 'webauthn_script',
    src: '/.well-known/ory/webauthn.js',
    type: 'text/javascript',
    async: true,
    crossorigin: 'anonymous',
    integrity: '',
    referrerpolicy: 'no-referrer',
    nonce: 'unused',
  },
  messages: [],
  meta: {},
}

interface Traits {
  email?: string
  first?: string
  last?: string
  newsletter?: boolean
  messages?: { email?: UiText[] }
}

/** The fields of the `person` schema. */
export function person(group: string, values: Traits = {}): UiNode[] {
  return [
    input(
      group,
      { name: 'traits.email', type: 'email', autocomplete: 'email', required: true, value: values.email },
      titled('traits.email', 'Email'),
      values.messages?.email,
    ),
    input(
      group,
      { name: 'traits.name.first', type: 'text', value: values.first },
      titled('traits.name.first', 'First name'),
    ),
    input(
      group,
      { name: 'traits.name.last', type: 'text', value: values.last },
      titled('traits.name.last', 'Last name'),
    ),
    input(
      group,
      { name: 'traits.newsletter', type: 'checkbox', value: values.newsletter },
      titled('traits.newsletter', 'Send me the newsletter'),
    ),
  ]
}

export function password(autocomplete: 'current-password' | 'new-password', messages: UiText[] = []): UiNode {
  const attributes = { name: 'password', type: 'password', autocomplete, required: true }
  return input('password', attributes, uiText(1070001), messages)
}

export function code(label: UiText, messages: UiText[] = []): UiNode {
  return input('code', { name: 'code', type: 'text', required: true, maxlength: 6, pattern: '[0-9]+' }, label, messages)
}
