import { uiText } from '@latchkey/api'
import { isEmail } from '../../identity/index.ts'
import { type Body, textField, transientPayload } from './body.ts'
import { type FieldMessage, FlowError } from './flow.ts'

/**
 * Validates the address in a recovery or verification body. Throws FlowError with the decoding method if it is not an
 * email address.
 */
export function checkAddressInput(
  body: Body,
  { method, others = [] }: { method: string; others?: readonly FieldMessage[] },
): void {
  const email = textField(body, 'email')
  const fields = [...others]
  if (email && !isEmail(email.trimStart())) fields.push({ field: 'email', message: uiText(4000040, { value: email }) })
  if (fields.length > 0) throw new FlowError({ fields, method })
  transientPayload(body)
}
