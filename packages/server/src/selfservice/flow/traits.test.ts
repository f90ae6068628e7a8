import { describe, expect, it } from 'vitest'
import type { TraitField, TraitNames } from '../../identity/index.ts'
import { completeTraits } from './traits.ts'

const field = (name: string) => ({ name, type: 'string', inputType: 'text', required: false }) as TraitField
const schema = (...names: string[]): TraitNames => ({ fields: names.map(field), structures: new Set() })

describe('complete traits', () => {
  it('convert each field of the form once', () => {
    const read: string[] = []
    const body = new Proxy<Record<string, unknown>>(
      { 'traits.name.first': 'Ada', 'traits.email': 'ada@harbour.example' },
      {
        get(target, name) {
          read.push(String(name))
          return Reflect.get(target, name)
        },
      },
    )
    expect(completeTraits(body, schema('traits.name.first', 'traits.email'))).toEqual({
      name: { first: 'Ada' },
      email: 'ada@harbour.example',
    })
    expect(read.sort()).toEqual(['traits', 'traits.email', 'traits.name.first'])
  })

  it('refuse a trait that is given as a text and as an object', () => {
    const both = { 'traits.name': 'Ada', 'traits.name.first': 'Ada' }
    expect(() => completeTraits(both, schema('traits.name', 'traits.name.first'))).toThrow()
    expect(completeTraits({ 'traits.name': 'Ada' }, schema('traits.name', 'traits.name.first'))).toEqual({
      name: 'Ada',
    })
  })

  it('have empty objects, which the submitted ones do not get', () => {
    const traits = { address: { city: 'Harbour' } }
    const complete = completeTraits({ traits }, schema('traits.name.first', 'traits.address.geo.x'))
    expect(complete).toEqual({ name: {}, address: { city: 'Harbour', geo: {} } })
    expect(traits).toEqual({ address: { city: 'Harbour' } })
  })
})
