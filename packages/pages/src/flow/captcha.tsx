import { word } from '../words.ts'
import type { FormContext } from './field.tsx'
import { type InputNode, isInput, type UiNode } from './flow.ts'

const optionsField = /^captcha_(turnstile|hcaptcha|recaptcha)_options$/

/** The provider of the captcha that is among the nodes of a flow. */
export function captchaOf(nodes: readonly UiNode[]): 'turnstile' | 'hcaptcha' | 'recaptcha' | undefined {
  const names = nodes.flatMap((node) => (isInput(node) && node.group === 'captcha' ? [node.attributes.name] : []))
  const found = names.map((name) => optionsField.exec(name)?.[1]).find((name) => name !== undefined)
  return found as ReturnType<typeof captchaOf>
}

/** The place of the widget or of the progress of a proof of work, which scripts show. */
export function Challenge({ hidden, context }: { hidden: readonly InputNode[]; context: FormContext }) {
  const isWork = hidden.some(({ attributes }) => attributes.name === 'captcha_proof_of_work_options')
  if (!isWork && !captchaOf(hidden)) return null
  const { language } = context.view
  return (
    <div class="captcha" data-captcha="">
      <noscript>
        <p class="message message-error">{word(language, isWork ? 'workNeedsScript' : 'captchaNeedsScript')}</p>
      </noscript>
    </div>
  )
}
