declare const parsesTo: unique symbol

/** JSON that was put together from stored JSON without parsing it (decision 0003), and what it would parse to. */
export type JsonText<T> = (string | Buffer) & { readonly [parsesTo]: T }

/** Names a text that is known to be JSON of this type. */
export function asJsonText<T>(text: string | Buffer): JsonText<T> {
  return text as JsonText<T>
}
