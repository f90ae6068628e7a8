import { type UiNode, uiText } from '@latchkey/api'
import { continueLabel, input, methodButton } from '../../ui/nodes.ts'

/** The input for a code; the label depends on its purpose. */
export function codeField(label: 1070010 | 1070011 | 1070012 | 1070013, value?: string): UiNode {
  const limits = label === 1070010 ? { pattern: '[0-9]+', maxlength: 6 } : {}
  return input('code', 'code', 'text', {
    required: true,
    ...limits,
    ...(value !== undefined && { value }),
    label: uiText(label),
  })
}

/** Specifies the method, independent of the pressed button. */
export const hiddenMethod = () => input('method', 'code', 'hidden', { value: 'code' })
export const continueButton = () => methodButton('code', 'code', continueLabel())
export const resendButton = () => input('resend', 'code', 'submit', { value: 'code', label: uiText(1070008) })
