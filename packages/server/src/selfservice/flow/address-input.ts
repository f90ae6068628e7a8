import { uiText } from '@latchkey/api'
import { type Address, isEmail, phoneNumber, readAddress } from '../../kernel/address.ts'
import { type Body, textField, transientPayload } from './body.ts'
import { type FieldMessage, FlowError } from './flow.ts'

/**
 * Validates the address in a recovery or verification body. Throws FlowError with the decoding method if it is not an
 * email address, or a phone number where those are accepted.
 */
export function checkAddressInput(
  body: Body,
  {
    method,
    others = [],
    takesPhones = false,
  }: { method: string; others?: readonly FieldMessage[]; takesPhones?: boolean },
): void {
  const email = textField(body, 'email')
  const fields = [...others]
  const isAddress = isEmail(email.trimStart()) || (takesPhones && phoneNumber(email))
  if (email && !isAddress) fields.push({ field: 'email', message: uiText(4000040, { value: email }) })
  if (fields.length > 0) throw new FlowError({ fields, method })
  transientPayload(body)
}

/** The address in a body that `checkAddressInput` accepted, as stored. */
export function submittedAddress(email: string): Address {
  return readAddress(email.trimStart()) ?? { via: 'email', value: email }
}
