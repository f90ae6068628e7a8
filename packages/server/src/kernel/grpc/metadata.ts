import type { Metadata } from '@grpc/grpc-js'

/** A text value of the metadata; names that end in `-bin` have none. */
export function headerOf(metadata: Metadata, name: string): string | undefined {
  const values = metadata.get(name).filter((value) => typeof value === 'string')
  return values.length > 0 ? values.join(', ') : undefined
}
