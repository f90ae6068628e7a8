import type { Metadata } from '@grpc/grpc-js'

/** A string value of the metadata; keys that end in `-bin` have binary values. */
export function headerOf(metadata: Metadata, name: string): string | undefined {
  const values = metadata.get(name).filter((value) => typeof value === 'string')
  return values.length > 0 ? values.join(', ') : undefined
}
