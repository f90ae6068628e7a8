export type { Channel } from '../credentials/definition.ts'
export {
  checkIdentitySchema,
  compileIdentitySchema,
  type IdentitySchemaValidator,
  type Violation,
} from './compile.ts'
export type { Extract } from './extension.ts'
export type { TraitField } from './fields.ts'
export { type FieldMessage, violationMessages, violationReason } from './violations.ts'
