import { timingSafeEqual } from 'node:crypto'

/** Constant-time comparison of two digests; their lengths are no secret. */
export function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
