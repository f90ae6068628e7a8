import { uiText } from '@latchkey/api'
import { isEmail } from '../../identity/index.ts'
import { type Body, textField, transientPayload } from './body.ts'
import { type FieldMessage, FlowError } from './flow.ts'

/**
 * Checks the address of a body that recovery or verification decodes. Throws FlowError, in the name of the method that
 * decodes, for one that is no email address.
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
