import { compileIdentitySchema, violationMessages } from '../src/identity/schemas/index.ts'

/** A schema with one trait, `it`. */
export const schemaOf = (trait: object, extra: object = {}) => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { traits: { type: 'object', properties: { it: trait } } },
  ...extra,
})

/** The messages about traits: field, id, context. */
export const messagesOf = (document: object, traits: unknown) =>
  violationMessages(compileIdentitySchema(document).validate(traits)).map(({ field, message }) => [
    field,
    message.id,
    message.context,
  ])
