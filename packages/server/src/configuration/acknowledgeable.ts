import { leavesOf } from '../kernel/config/support.ts'
import { originals } from './originals/index.ts'

/** The names accepted by `--without`: features that a configuration can enable but that are not implemented yet. */
export function acknowledgeableNames(): string[] {
  const names = originals
    .flatMap(({ schema }) => leavesOf(schema))
    .flatMap(({ support }) => (support?.state === 'unsupported' && support.without ? [support.without] : []))
  return [...new Set(names)].sort()
}
