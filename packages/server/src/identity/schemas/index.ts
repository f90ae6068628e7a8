export {
  checkIdentitySchema,
  compileIdentitySchema,
  type IdentitySchemaValidator,
  type Violation,
} from './compile.ts'
export type { Extract } from './extension.ts'
export type { TraitField, TraitNames } from './fields.ts'
export { type FieldMessage, violationMessages, violationReason } from './violations.ts'
