/** How a context value is written out: times by the reader's language, lists with their last "and" or "or". */
export type ContextKind = 'text' | 'number' | 'time' | 'list' | 'texts' | 'type' | 'types' | 'credentials' | 'value'

export interface UiMessage {
  readonly name: string
  readonly type: 'info' | 'error' | 'success'
  /** `{key}` stands for a context value; a part in square brackets is left out when a value in it is empty. */
  readonly text: string
  readonly context?: Readonly<Record<string, ContextKind>>
}

/** Declares a message and keeps its literal types. */
export function message<const Name extends string, const Type extends UiMessage['type'], Context = undefined>(
  name: Name,
  type: Type,
  text: string,
  context?: Context & Readonly<Record<string, ContextKind>>,
) {
  return { name, type, text, context: context as Context }
}

/** The context of every expired flow. */
export function expiryContext() {
  return { expired_at: 'time', expired_at_unix: 'number' } as const
}
