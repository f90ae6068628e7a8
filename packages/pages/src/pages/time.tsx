import type { Language } from '../language.ts'

/** A time (ISO 8601) in UTC, which the script converts to the time zone of the reader. */
export function Time({ at, language }: { at: string; language: Language }) {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return <span>{at}</span>
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return (
    <time datetime={moment.toISOString()} data-local>
      {format.format(moment)} UTC
    </time>
  )
}
