import { type UiNode, uiText } from '@latchkey/api'
import { continueLabel, input, methodButton } from '../../ui/nodes.ts'

/** The field for a code; its label says what the code is for. */
export function codeField(label: 1070010 | 1070011 | 1070012 | 1070013, value?: string): UiNode {
  const limits = label === 1070010 ? { pattern: '[0-9]+', maxlength: 6 } : {}
  return input('code', 'code', 'text', {
    required: true,
    ...limits,
    ...(value !== undefined && { value }),
    label: uiText(label),
  })
}

/** Says which method the form is for, whichever button is pressed. */
export const hiddenMethod = () => input('method', 'code', 'hidden', { value: 'code' })
export const continueButton = () => methodButton('code', 'code', continueLabel())
export const resendButton = () => input('resend', 'code', 'submit', { value: 'code', label: uiText(1070008) })
