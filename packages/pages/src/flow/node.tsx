import { say } from '../language.ts'
import { word } from '../words.ts'
import { Field, type FormContext, fieldId, labelOf } from './field.tsx'
import {
  type AnchorAttributes,
  type DivisionAttributes,
  type ImageAttributes,
  isInput,
  type ScriptAttributes,
  type TextAttributes,
  type UiNode,
  type UiText,
} from './flow.ts'
import { NodeMessages } from './messages.tsx'

/** Renders a node that is neither a button nor hidden. */
export function Node({ node, context }: { node: UiNode; context: FormContext }) {
  if (isInput(node)) return <Field node={node} context={context} />
  const { attributes } = node
  switch (attributes.node_type) {
    case 'text':
      return <TextNode node={node} attributes={attributes} context={context} />
    case 'img':
      return <ImageNode node={node} attributes={attributes} context={context} />
    case 'a':
      return <AnchorNode attributes={attributes} context={context} />
    case 'div':
      return <DivisionNode attributes={attributes} />
    default:
      return null
  }
}

/** The scripts of the methods of a flow. */
export function Scripts({ nodes }: { nodes: UiNode[] }) {
  return nodes.map(({ attributes }) =>
    attributes.node_type === 'script' ? <ScriptNode key={attributes.id} attributes={attributes} /> : null,
  )
}

/** The script of a method. The Content-Security-Policy allows only scripts from the service itself. */
function ScriptNode({ attributes }: { attributes: ScriptAttributes }) {
  return (
    <script
      src={attributes.src}
      type={attributes.type}
      async={attributes.async}
      crossorigin={attributes.crossorigin === 'use-credentials' ? 'use-credentials' : 'anonymous'}
      integrity={attributes.integrity || undefined}
      referrerpolicy="no-referrer"
    />
  )
}

type Props<Attributes> = { node: UiNode; attributes: Attributes; context: FormContext }

/** A text, such as a secret or a list of codes. */
function TextNode({ node, attributes, context }: Props<TextAttributes>) {
  const { language } = context.view
  const secrets = secretsOf(attributes.text)
  const label = node.meta.label && say(node.meta.label, language)
  return (
    <div class="field">
      {label && <p class="hint">{label}</p>}
      {secrets ? (
        <ul class="codes">
          {secrets.map((secret) => (
            <li key={secret.text}>
              {usedUp(secret) ? <s>{word(language, 'usedCode')}</s> : <code>{say(secret, language)}</code>}
            </li>
          ))}
        </ul>
      ) : (
        <p class="secret">
          <code>{say(attributes.text, language)}</code>
        </p>
      )}
      <NodeMessages id={fieldId(node)} messages={node.messages} language={language} />
    </div>
  )
}

function ImageNode({ node, attributes, context }: Props<ImageAttributes>) {
  return (
    <p class="picture">
      <img src={attributes.src} width={attributes.width} height={attributes.height} alt={labelOf(node, context)} />
    </p>
  )
}

function AnchorNode({ attributes, context }: { attributes: AnchorAttributes; context: FormContext }) {
  return (
    <a class="button button-primary" id={attributes.id} href={safeHref(attributes.href)}>
      {say(attributes.title, context.view.language)}
    </a>
  )
}

/** A container for a widget that a script renders. */
function DivisionNode({ attributes }: { attributes: DivisionAttributes }) {
  const data = Object.entries(attributes.data ?? {}).filter(([key]) => /^[a-z][a-z0-9-]*$/.test(key))
  return (
    <div
      id={attributes.id}
      class={attributes.class}
      {...Object.fromEntries(data.map(([key, value]) => [`data-${key}`, value]))}
    />
  )
}

/** The URL if its scheme cannot execute a script. */
export function safeHref(href: string): string {
  return /^\s*(javascript|data|vbscript)\s*:/i.test(href) ? '#' : href
}

function secretsOf(text: UiText): UiText[] | undefined {
  const secrets = text.context?.secrets
  return Array.isArray(secrets) ? (secrets as UiText[]) : undefined
}

/** Ory's message id for a backup code that was used. */
function usedUp(secret: UiText): boolean {
  return secret.id === 1050014
}
