import { type UiNode, uiText } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'
import { publicText } from '../flow/urls.ts'
import { input, nodeName } from '../ui/nodes.ts'
import { scriptNode } from '../ui/script.ts'
import { awaitsCode, captchaConfig, isAlwaysDemanded, providerOf, tokenField } from './provider.ts'
import { captchaScriptIntegrity, captchaScriptPath } from './script.ts'

const ownNames = /^(transient_payload\.)?captcha_(turnstile|hcaptcha|recaptcha)_/

/**
 * The nodes of the widget in the form that a flow begins with. As in Ory's forms, a hidden field has the options of the
 * widget as JSON, and another one takes the token.
 */
export function captchaNodes(ctx: Context, flow: Flow): UiNode[] {
  return isAlwaysDemanded(ctx, flow) ? widget(ctx, flow) : []
}

/**
 * Puts the widget into a form that is shown again, or removes it. A code that was sent is entered without one: only who
 * asks for another code needs it, and is told so.
 */
export function showCaptcha(ctx: Context, flow: Flow): void {
  if (!captchaConfig(ctx)) return
  const needsNone = awaitsCode(flow) || flow.state === 'passed_challenge'
  const isDemanded = flow.captcha === 'demanded' || (!needsNone && isAlwaysDemanded(ctx, flow))
  const others = flow.ui.nodes.filter((node) => !ownNames.test(nodeName(node)))
  flow.ui.nodes = isDemanded ? [...others, ...widget(ctx, flow)] : others
}

function widget(ctx: Context, flow: Flow): UiNode[] {
  const config = captchaConfig(ctx)
  if (!config) return []
  const provider = providerOf(config)
  const field = `transient_payload.${tokenField(provider)}`
  const { name, sitekey, options } = provider
  const value = { sitekey, action: flow.name, theme: 'auto', response_field_name: field, ...options }
  return [
    input(`captcha_${name}_options`, 'captcha', 'hidden', { value: JSON.stringify(value), label: uiText(1070015) }),
    input(field, 'captcha', 'hidden', { value: '' }),
    ...(flow.type === 'browser' ? [loader(ctx, name)] : []),
  ]
}

function loader(ctx: Context, name: string): UiNode {
  const src = publicText(ctx, captchaScriptPath)
  return scriptNode(`captcha_${name}_script`, 'captcha', {
    ...{ src, integrity: captchaScriptIntegrity },
    nonce: ctx.random.uuid(),
  })
}
