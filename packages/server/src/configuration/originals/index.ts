import type { Original } from '../original.ts'
import { keto } from './keto.ts'
import { kratos } from './kratos.ts'

/** Every original. Where several files are given, what a process has once is taken from the first of this list. */
export const originals = [kratos, keto] as const satisfies readonly Original[]

export type OriginalName = (typeof originals)[number]['name']
