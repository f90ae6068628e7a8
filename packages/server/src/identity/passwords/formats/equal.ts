import { timingSafeEqual } from 'node:crypto'

/** Compares two digests in constant time; their lengths are not secret. */
export function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
