import type { ComponentChildren } from 'preact'
import { word } from '../words.ts'
import { type FlowForm, isDestructive, isQuiet, type Method } from './arrange.ts'
import { hintsOf } from './autocomplete.ts'
import { Challenge } from './captcha.tsx'
import { Field, type FormContext, fieldId, labelOf } from './field.tsx'
import { type InputNode, isInput, listOf, textOf, type Ui } from './flow.ts'
import { isKeyRemoval, KeyList } from './keys.tsx'
import { KeyMessages, NodeMessages } from './messages.tsx'
import { Node } from './node.tsx'

interface FormProps {
  form: FlowForm
  ui: Ui
  context: FormContext
  /** The style of the main button. */
  emphasis?: 'primary' | 'secondary'
  /** Content next to the label of the password. */
  passwordAside?: ComponentChildren
  children?: ComponentChildren
}

/** A form of a flow with its hidden fields, its main method and alternative methods. */
export function FormView({ form, ui, context, emphasis = 'primary', passwordAside, children }: FormProps) {
  const alternatives = form.alternatives.flatMap((method) => method.buttons.map((button) => ({ button, method })))
  const ways = alternatives.filter(({ button }) => !isQuiet(button))
  const quiet = alternatives.filter(({ button }) => isQuiet(button))
  if (!isSubmittable(form)) {
    return (
      <div class="form">
        {children}
        {form.main.fields.map((node) => (
          <Node key={fieldId(node)} node={node} context={context} />
        ))}
      </div>
    )
  }
  const username = usernameOf(form)
  const { language } = context.view
  const removals = form.main.buttons.filter(isKeyRemoval)
  const main = { ...form.main, buttons: form.main.buttons.filter((button) => !isKeyRemoval(button)) }
  return (
    <form class="form" action={ui.action} method={ui.method.toLowerCase() === 'get' ? 'get' : 'post'}>
      {form.hidden.map((node) =>
        node === username ? <Username key={fieldId(node)} node={node} /> : <Hidden key={fieldId(node)} node={node} />,
      )}
      {removesByEnter(form) && <button type="submit" disabled hidden />}
      {children}
      <KeyList removals={removals} context={context} />
      <NodeMessages id="removals" messages={removals.flatMap(({ messages }) => messages)} language={language} />
      {form.main.fields.map((node) =>
        isInput(node) && node.attributes.name === 'password' ? (
          <Field key={fieldId(node)} node={node} context={context} aside={passwordAside} />
        ) : (
          <Node key={fieldId(node)} node={node} context={context} />
        ),
      )}
      <Challenge hidden={form.hidden} context={context} />
      <Buttons method={main} form={form} context={context} emphasis={emphasis} />
      {ways.length > 0 && <Divider context={context} />}
      {form.alternatives.map((method) => (
        <Alternative key={method.group} method={method} form={form} context={context} />
      ))}
      {quiet.map(({ button }) => (
        <Button key={fieldId(button)} node={button} form={form} context={context} look="quiet" skipsChecks />
      ))}
      {[form.main, ...form.alternatives].some(startsScript) && <KeyMessages language={language} />}
    </form>
  )
}

/** A finished flow has only texts and a link. */
function isSubmittable(form: FlowForm): boolean {
  return form.main.buttons.length > 0 || form.alternatives.length > 0 || form.main.fields.some(isInput)
}

/** Whether a button of a method asks for a security key or passkey. */
function startsScript({ buttons }: Method): boolean {
  return buttons.some(({ attributes }) => attributes.onclickTrigger !== undefined)
}

/**
 * Whether the return key in a field would press a button that removes something: the first submit button of a form is
 * its default. A disabled one before it keeps the browser from that (HTML, section 4.10.21.2).
 */
function removesByEnter({ main }: FlowForm): boolean {
  const first = main.buttons.find(({ attributes }) => attributes.type === 'submit')
  return first !== undefined && isDestructive(first) && main.fields.some(isInput)
}

export function Divider({ context }: { context: FormContext }) {
  return (
    <p class="divider">
      <span>{word(context.view.language, 'or')}</span>
    </p>
  )
}

/** An alternative method. The browser would enforce required fields of all methods, so only the server validates. */
function Alternative({ method, form, context }: { method: Method; form: FlowForm; context: FormContext }) {
  const buttons = method.buttons.filter((button) => !isQuiet(button))
  return (
    <>
      {method.fields.map((node) => (
        <Node key={fieldId(node)} node={node} context={{ ...context, insist: false }} />
      ))}
      {buttons.map((button) => (
        <Button
          key={`${fieldId(button)}-${textOf(button.attributes)}`}
          node={button}
          form={form}
          context={context}
          look="secondary"
          skipsChecks
        />
      ))}
    </>
  )
}

function Buttons(props: { method: Method; form: FlowForm; context: FormContext; emphasis: 'primary' | 'secondary' }) {
  const { method, form, context } = props
  return (
    <>
      {method.buttons.map((button, index) => (
        <Button
          key={`${fieldId(button)}-${textOf(button.attributes)}`}
          node={button}
          form={form}
          context={context}
          look={lookOf(button, index, props.emphasis, method)}
          skipsChecks={isQuiet(button) || isDestructive(button)}
        />
      ))}
    </>
  )
}

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

function lookOf(button: InputNode, index: number, emphasis: 'primary' | 'secondary', method: Method): Look {
  if (isQuiet(button)) return 'quiet'
  if (isDestructive(button)) return 'danger'
  const oneOfMany = method.fields.length === 0 && method.buttons.filter((other) => !isQuiet(other)).length > 1
  return index === 0 && !oneOfMany ? emphasis : 'secondary'
}

interface ButtonProps {
  node: InputNode
  form: FlowForm
  context: FormContext
  look: Look
  skipsChecks?: boolean
}

/**
 * A submit button, or a button that triggers a script and is hidden until the script runs.
 * If a hidden field has the same name and value, the button has neither, so that the value is sent once.
 */
function Button({ node, form, context, look, skipsChecks }: ButtonProps) {
  const { attributes } = node
  const value = textOf(attributes)
  const twin = form.hidden.some(({ attributes: other }) => other.name === attributes.name && textOf(other) === value)
  const scripted = attributes.type === 'button'
  return (
    <>
      <button
        class={`button button-${look}`}
        aria-describedby={node.messages.length > 0 ? `${fieldId(node)}-messages` : undefined}
        type={scripted ? 'button' : 'submit'}
        name={twin ? undefined : attributes.name}
        value={twin ? undefined : value}
        disabled={attributes.disabled || undefined}
        formnovalidate={(skipsChecks && !scripted) || undefined}
        hidden={scripted || undefined}
        data-scripted={scripted || undefined}
        data-trigger={attributes.onclickTrigger}
      >
        {labelOf(node, context)}
      </button>
      <NodeMessages id={fieldId(node)} messages={node.messages} language={context.view.language} />
    </>
  )
}

/** The hidden field that password managers store with the password of the form, if it has one. */
function usernameOf({ hidden, main }: FlowForm): InputNode | undefined {
  if (!main.fields.some((node) => isInput(node) && node.attributes.name === 'password')) return undefined
  const identifier = hidden.find(({ attributes }) => attributes.name === 'identifier')
  const traits = hidden.filter(({ attributes }) => attributes.name.startsWith('traits.'))
  const told = traits.find(({ attributes }) =>
    usernames.includes(hintsOf(attributes, 'registration').autocomplete ?? ''),
  )
  return identifier ?? told ?? traits.find(({ attributes }) => textOf(attributes)?.includes('@'))
}

const usernames = ['username', 'email', 'tel']

/** Managers ignore fields of the type hidden. Nobody else should find this one. */
function Username({ node: { attributes } }: { node: InputNode }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the negative tabindex keeps the keyboard away from it
    <input
      class="visually-hidden"
      type="text"
      name={attributes.name}
      value={textOf(attributes)}
      autocomplete="username"
      readonly
      tabindex={-1}
      aria-hidden="true"
    />
  )
}

function Hidden({ node }: { node: InputNode }) {
  const { attributes } = node
  const { name, onloadTrigger } = attributes
  const items = listOf(attributes)
  if (items) return items.map((item, i) => <input key={`${i} ${item}`} type="hidden" name={name} value={item} />)
  return <input type="hidden" name={name} value={textOf(attributes)} data-onload={onloadTrigger} />
}
