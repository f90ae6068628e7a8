import type { UiContainer, UiNode } from '@latchkey/api'
import { type Group, nodeName, nodeValue } from './nodes.ts'

/** The order of a form's nodes: groups first, then names (a prefix counts), buttons last, equal ones by value. */
export interface NodeOrder {
  groups: readonly Group[]
  names: readonly string[]
}

export const loginOrder: NodeOrder = {
  groups: ['oidc', 'default', 'webauthn', 'passkey', 'code', 'password', 'totp', 'lookup_secret'],
  names: ['csrf_token', 'identifier', 'password'],
}

export function registrationOrder(traits: readonly string[]): NodeOrder {
  return {
    groups: ['oidc', 'saml', 'default', 'webauthn', 'passkey', 'code', 'password', 'captcha', 'profile'],
    names: [
      'csrf_token',
      ...traits,
      'password',
      'webauthn_remove',
      'webauthn_register_displayname',
      'webauthn_register',
    ],
  }
}

export function settingsOrder(traits: readonly string[]): NodeOrder {
  return {
    groups: ['default', 'profile', 'password', 'oidc', 'lookup_secret', 'webauthn', 'passkey', 'totp'],
    names: [
      ...['csrf_token', ...traits, 'password'],
      ...['lookup_secret_reveal', 'lookup_secret_regenerate', 'lookup_secret_codes', 'lookup_secret_confirm'],
      ...[
        'webauthn_remove',
        'webauthn_register_displayname',
        'webauthn_register',
        'passkey_remove',
        'passkey_register',
      ],
      ...['totp_qr', 'totp_secret_key', 'totp_unlink', 'totp_code'],
    ],
  }
}

/** Brings a form's nodes into an order; nodes that are equal by it keep their places. */
export function sortNodes(ui: UiContainer, order: NodeOrder): void {
  // Groups that the order does not name come first, as with Kratos.
  const group = (node: UiNode) => order.groups.indexOf(node.group)
  const place = (node: UiNode) => {
    const name = nodeName(node)
    if (name === 'method') return order.names.length + 1
    const at = order.names.findIndex((prefix) => name.startsWith(prefix))
    return at === -1 ? order.names.length : at
  }
  const value = (node: UiNode) => String(nodeValue(node) ?? '<nil>')
  ui.nodes.sort(
    (a, b) => group(a) - group(b) || place(a) - place(b) || (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0),
  )
}
