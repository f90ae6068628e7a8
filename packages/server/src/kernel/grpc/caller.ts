import type { Metadata } from '@grpc/grpc-js'

/** Who calls, as far as it is told. */
export interface Caller {
  header(name: string): string | undefined
}

/** A value of the metadata; names that end in `-bin` have none that is text. */
export function headerOf(metadata: Metadata, name: string): string | undefined {
  const values = metadata.get(name).filter((value) => typeof value === 'string')
  return values.length > 0 ? values.join(', ') : undefined
}
