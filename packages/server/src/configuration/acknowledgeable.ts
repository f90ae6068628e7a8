import { leavesOf } from '../kernel/config/support.ts'
import { originals } from './originals/index.ts'

/** The features that `--without` can name: those that a configuration may enable and that are not there yet. */
export function acknowledgeableNames(): string[] {
  const names = originals
    .flatMap(({ schema }) => leavesOf(schema))
    .flatMap(({ support }) => (support?.state === 'unsupported' && support.without ? [support.without] : []))
  return [...new Set(names)].sort()
}
