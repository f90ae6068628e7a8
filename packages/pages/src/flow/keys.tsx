import { Time } from '../pages/time.tsx'
import { word } from '../words.ts'
import { type FormContext, labelOf } from './field.tsx'
import { type InputNode, textOf } from './flow.ts'

/** Whether a button removes one of several keys, which its label names. */
export function isKeyRemoval({ attributes, meta }: InputNode): boolean {
  return attributes.type === 'submit' && typeof meta.label?.context?.added_at === 'string'
}

/** Keys with their names and ages, each with a button that removes it. */
export function KeyList({ removals, context }: { removals: InputNode[]; context: FormContext }) {
  if (removals.length === 0) return null
  const { language } = context.view
  return (
    <ul class="keys">
      {removals.map((node) => {
        const { display_name: name, added_at: added } = (node.meta.label?.context ?? {}) as Record<string, string>
        return (
          <li key={textOf(node.attributes)}>
            <span class="row-text">
              <strong>{name === 'unnamed' ? word(language, 'unnamedKey') : name}</strong>
              <small>
                {word(language, 'addedOn')} <Time at={`${added}`} language={language} />
              </small>
            </span>
            <button
              class="button button-danger"
              type="submit"
              name={node.attributes.name}
              value={textOf(node.attributes)}
              disabled={node.attributes.disabled || undefined}
              formnovalidate
              aria-label={labelOf(node, context)}
            >
              {word(language, 'remove')}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
