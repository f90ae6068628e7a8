import type { Original } from '../original.ts'
import { hydra } from './hydra.ts'
import { keto } from './keto.ts'
import { kratos } from './kratos.ts'

/** Every original. If several files are given, settings of the process are taken from the first in this list. */
export const originals = [kratos, hydra, keto] as const satisfies readonly Original[]

export type OriginalName = (typeof originals)[number]['name']
