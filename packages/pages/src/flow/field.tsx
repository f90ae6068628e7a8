import { type ComponentChildren, Fragment } from 'preact'
import { say } from '../language.ts'
import type { FlowKind, View } from '../page.ts'
import { titleIn } from '../titles.ts'
import { word } from '../words.ts'
import { hintsOf, isCode } from './autocomplete.ts'
import { hasError, type Placed } from './errors.ts'
import { type InputAttributes, type InputNode, listOf, textOf, type UiNode, type UiText } from './flow.ts'
import { NodeMessages } from './messages.tsx'

/** The context that nodes are rendered in. */
export interface FormContext {
  kind: FlowKind
  view: View
  placed: Placed
  /** The field that has the focus on page load. */
  focus?: string
  /** Whether a link was sent, so that submitting the form sends another one. */
  linkSent?: boolean
  /** Whether the browser may enforce required fields of this form. */
  insist: boolean
}

interface FieldProps {
  node: InputNode
  context: FormContext
  /** Content next to the label, such as a link. */
  aside?: ComponentChildren
}

/** A field with its label and messages: text input, password, select or checkbox. */
export function Field(props: FieldProps) {
  const { attributes } = props.node
  if (attributes.type === 'checkbox') return <Checkbox {...props} />
  const id = fieldId(props.node)
  return (
    <div class={props.aside ? 'field field-aside' : 'field'}>
      <label for={id}>
        {labelOf(props.node, props.context)}
        <Optional {...props} />
      </label>
      <Control {...props} />
      {props.aside}
      <NodeMessages id={id} messages={props.node.messages} language={props.context.view.language} />
    </div>
  )
}

function Control(props: FieldProps) {
  const { attributes } = props.node
  if (attributes.options) return <Choice {...props} />
  const items = listOf(attributes)
  return items ? <ListInput {...props} items={items} /> : <TextInput {...props} />
}

export function fieldId(node: UiNode): string {
  const name = 'name' in node.attributes ? node.attributes.name : node.attributes.id
  return `${node.group}-${name}`.replace(/[^A-Za-z0-9_-]/g, '-')
}

/** The label of a node in the language of the reader; for traits without a title, their name. */
export function labelOf(node: UiNode, context: FormContext): string {
  const own = 'label' in node.attributes ? node.attributes.label : undefined
  const label: UiText | undefined = own ?? node.meta.label
  const name = 'name' in node.attributes ? node.attributes.name : node.attributes.id
  if (name === 'password' && context.kind === 'settings') return word(context.view.language, 'newPassword')
  if (context.linkSent && name === 'method' && node.group === 'link') return word(context.view.language, 'sendAgain')
  const said = label && say(label, context.view.language)
  if (said && label.id === traitLabel) return titleIn(context.view.language, said)
  if (said) return said
  const last = name.slice(name.lastIndexOf('.') + 1).replaceAll('_', ' ')
  return last.charAt(0).toUpperCase() + last.slice(1)
}

/** Ory's message id for a label that is the title in the identity schema. */
const traitLabel = 1070002

function TextInput({ node, context }: FieldProps) {
  const { attributes } = node
  const id = fieldId(node)
  const input = (
    <input
      {...common(node, context)}
      {...hintsOf(attributes, context.kind)}
      class={isCode(attributes) ? 'input input-code' : 'input'}
      type={inputTypes.has(attributes.type) ? attributes.type : 'text'}
      value={shownValue(attributes)}
      maxlength={isCode(attributes) ? undefined : attributes.maxlength}
      pattern={isCode(attributes) ? undefined : attributes.pattern}
      step={attributes.type === 'number' || attributes.type === 'datetime-local' ? 'any' : undefined}
    />
  )
  if (attributes.type !== 'password') return input
  return (
    <div class="control">
      {input}
      <Reveal of={id} context={context} />
    </div>
  )
}

function shownValue(attributes: InputAttributes): string | undefined {
  const text = textOf(attributes)
  if (attributes.type === 'password') return undefined
  return attributes.type === 'datetime-local' ? localTimeOf(text) : text
}

/** Browsers take a time without a time zone only; it is shown, and sent back, in UTC. */
function localTimeOf(text: string | undefined): string | undefined {
  const at = /(Z|[+-]\d\d:\d\d)$/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN
  return Number.isNaN(at) ? text : new Date(at).toISOString().replace(/(:00)?\.000Z$|Z$/, '')
}

/** A list: a text field for each of its items, and an empty one for another. */
function ListInput({ node, context, items }: FieldProps & { items: readonly string[] }) {
  const attributes = common(node, context)
  const label = labelOf(node, context)
  return (
    <div class="list">
      {[...items, ''].map((item, i) => {
        const id = i === 0 ? attributes.id : `${attributes.id}-${i + 1}`
        const isRequired = i === 0 && attributes.required
        return (
          <Fragment key={id}>
            {i > 0 && (
              <label class="visually-hidden" for={id}>
                {label} {i + 1}
              </label>
            )}
            <input {...attributes} id={id} required={isRequired} class="input" type="text" value={item} />
          </Fragment>
        )
      })}
    </div>
  )
}

const inputTypes = new Set(['text', 'password', 'number', 'email', 'tel', 'url', 'date', 'datetime-local'])

/** Hidden until the script runs, because it has no effect without it. */
function Reveal({ of, context }: { of: string; context: FormContext }) {
  const { language } = context.view
  return (
    <button
      class="reveal"
      type="button"
      hidden
      data-scripted
      data-reveal
      data-show={word(language, 'show')}
      data-hide={word(language, 'hide')}
      data-show-label={word(language, 'showPassword')}
      data-hide-label={word(language, 'hidePassword')}
      aria-controls={of}
      aria-label={word(language, 'showPassword')}
    >
      {word(language, 'show')}
    </button>
  )
}

function Choice({ node, context }: FieldProps) {
  const { attributes } = node
  const chosen = textOf(attributes)
  return (
    <select {...common(node, context)} class="input">
      <option value="">{word(context.view.language, 'choose')}</option>
      {(attributes.options ?? []).map(({ value }) => (
        <option key={String(value)} value={String(value)} selected={String(value) === chosen}>
          {String(value)}
        </option>
      ))}
    </select>
  )
}

/** Browsers do not send unchecked boxes, so that a hidden input before it sends "false"; the last value applies. */
function Checkbox({ node, context }: FieldProps) {
  const { attributes } = node
  const id = fieldId(node)
  const ticked = ['true', 'on', '1'].includes(textOf(attributes) ?? '')
  return (
    <div class="field">
      {!attributes.disabled && <input type="hidden" name={attributes.name} value="false" />}
      <label class="tick" for={id}>
        <input {...common(node, context)} type="checkbox" value="true" checked={ticked} />
        <span>{labelOf(node, context)}</span>
      </label>
      <NodeMessages id={id} messages={node.messages} language={context.view.language} />
    </div>
  )
}

function Optional({ node, context }: FieldProps) {
  const asks = context.kind === 'registration' || context.kind === 'settings'
  if (!asks || node.attributes.required || node.attributes.name.endsWith('_displayname')) return null
  return <span class="optional"> ({word(context.view.language, 'optional')})</span>
}

function common(node: InputNode, context: FormContext) {
  const { attributes } = node
  const suspect = context.placed.suspects.has(attributes.name)
  return {
    id: fieldId(node),
    name: attributes.name,
    disabled: attributes.disabled || undefined,
    required: (attributes.required && context.insist) || isNameOfKey(node, context) || undefined,
    autofocus: (attributes.name === context.focus && !attributes.disabled) || undefined,
    'aria-invalid': hasError(node) || suspect ? ('true' as const) : undefined,
    'aria-describedby': describedBy(node, suspect),
    'aria-required': attributes.required && !context.insist ? ('true' as const) : undefined,
  } satisfies { name: InputAttributes['name'] } & Record<string, unknown>
}

/** The server wants a name for a key in the settings, before its owner is asked for the key. */
function isNameOfKey({ attributes }: InputNode, { kind }: FormContext): boolean {
  return kind === 'settings' && attributes.name.endsWith('_displayname')
}

function describedBy(node: InputNode, suspect: boolean): string | undefined {
  const ids = [node.messages.length > 0 && `${fieldId(node)}-messages`, suspect && 'messages']
  return ids.filter(Boolean).join(' ') || undefined
}
