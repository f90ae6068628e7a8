import { createHash } from 'node:crypto'
import type { UiNode } from '@latchkey/api'
import type { Group } from './nodes.ts'

/** The hash by which browsers accept a script (Subresource Integrity). */
export function integrityOf(script: string): string {
  return `sha512-${createHash('sha512').update(script).digest('base64')}`
}

/** A script of this service that the page of a form loads, as Kratos writes it. */
export function scriptNode(
  id: string,
  group: Group,
  { src, integrity, nonce }: { src: string; integrity: string; nonce: string },
): UiNode {
  return {
    type: 'script',
    group,
    attributes: {
      src,
      async: true,
      referrerpolicy: 'no-referrer',
      crossorigin: 'anonymous',
      integrity,
      type: 'text/javascript',
      id,
      nonce,
      node_type: 'script',
    },
    messages: [],
    meta: {},
  }
}
