import Type from 'typebox'
import { choice, closedObject } from '../../kernel/config/schema-builders.ts'

/** How a user code of a device is made: by a preset, or by its length and its characters. */
export interface ConfiguredUserCode {
  readonly entropy_preset?: keyof typeof presets
  readonly length?: number
  readonly character_set?: string
}

/** The length of a user code, and the characters that it is made of. */
export interface UserCode {
  readonly length: number
  readonly character_set: string
}

/** Either the preset alone, or both of the others. */
export const userCode = Type.Unsafe<ConfiguredUserCode>({
  ...closedObject({
    entropy_preset: Type.Optional(choice(['high', 'medium', 'low'])),
    length: Type.Optional(Type.Integer({ minimum: 6 })),
    character_set: Type.Optional(Type.String({ minLength: 8, expected: 'at least 8 characters' })),
  }),
  if: { required: ['entropy_preset'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { properties: { length: { not: {}, expected: alone() }, character_set: { not: {}, expected: alone() } } },
  else: { required: ['length', 'character_set'] },
})

const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const digits = '0123456789'
const lowerCase = upperCase.toLowerCase()

/** Without the characters that are easily mistaken for each other. */
const unambiguous = (lowerCase + upperCase + digits).replace(/[0Oo1IlB8S5Z2]/g, '')

/** The presets of Hydra. */
const presets = {
  high: { length: 8, character_set: unambiguous },
  medium: { length: 8, character_set: upperCase },
  low: { length: 9, character_set: digits },
} as const

export function resolveUserCode({ entropy_preset = 'high', length, character_set }: ConfiguredUserCode = {}): UserCode {
  const preset = presets[entropy_preset]
  return { length: length ?? preset.length, character_set: character_set ?? preset.character_set }
}

function alone() {
  return 'nothing beside entropy_preset'
}
