import { type Language, say } from '../language.ts'
import { word } from '../words.ts'
import type { UiText } from './flow.ts'

/** Messages about the whole page, announced by screen readers on page load. */
export function PageMessages({ messages, language }: { messages: UiText[]; language: Language }) {
  if (messages.length === 0) return null
  return (
    <div class="messages" id="messages">
      {messages.map((message) => (
        <p key={message.id} class={`message message-${message.type}`} role={roleOf(message)}>
          {say(message, language)}
        </p>
      ))}
    </div>
  )
}

/** Informs the user that the flow was replaced by a new one. */
export function Restarted({ language }: { language: Language }) {
  return (
    <p class="message message-info" role="status">
      {word(language, 'restarted')}
    </p>
  )
}

/** What the script shows where a security key or passkey was not used; the second one, if it is registered already. */
export function KeyMessages({ language }: { language: Language }) {
  return (
    <div role="alert">
      <p class="message message-error" data-key-failure="" hidden>
        {word(language, 'keyFailed')}
      </p>
      <p class="message message-info" data-key-failure="InvalidStateError" hidden>
        {word(language, 'keyKnown')}
      </p>
    </div>
  )
}

/** Messages about a field, which refers to them with the id `${id}-messages`. */
export function NodeMessages(props: { id: string; messages: UiText[]; language: Language }) {
  if (props.messages.length === 0) return null
  return (
    <div class="field-messages" id={`${props.id}-messages`}>
      {props.messages.map((message) => (
        <p key={message.id} class={`field-message field-${message.type}`} role={roleOf(message)}>
          {say(message, props.language)}
        </p>
      ))}
    </div>
  )
}

function roleOf(message: UiText): 'alert' | 'status' {
  return message.type === 'error' ? 'alert' : 'status'
}
