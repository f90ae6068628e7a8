import { expect, it } from 'vitest'
import type { Context } from '../../kernel/context.ts'
import { traitNodes } from './traits.ts'

const document = {
  type: 'object',
  properties: {
    traits: { type: 'object', properties: { color: { type: 'string', default: 'blue' }, news: { type: 'boolean' } } },
  },
}
const ctx = { config: { identitySchemas: [{ id: 'person', document }] } } as unknown as Context

it('a field has the value of the trait, and not the default of its schema', () => {
  const values = (traits?: unknown) =>
    traitNodes(ctx, 'person', 'profile', traits).map(({ attributes }) =>
      'value' in attributes ? attributes.value : undefined,
    )
  expect(values()).toEqual([undefined, undefined])
  expect(values({ color: 'red', news: false })).toEqual(['red', false])
})
