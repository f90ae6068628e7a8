declare const parsesTo: unique symbol

/** JSON assembled from stored JSON without parsing (decision 0003), with the type of the parsed value. */
export type JsonText<T> = (string | Buffer) & { readonly [parsesTo]: T }

/** Asserts that a text is JSON of this type. */
export function asJsonText<T>(text: string | Buffer): JsonText<T> {
  return text as JsonText<T>
}
