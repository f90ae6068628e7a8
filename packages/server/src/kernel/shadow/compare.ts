/** Times of Kratos have microseconds; sessions are stored in milliseconds here. */
const toleranceMs = 1
/** Texts for people, which are worded differently, and signed tokens, which are never equal twice. */
const worded = new Set(['text', 'message', 'reason', 'title', 'tokenized'])
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** How many differences of one response are reported. */
const mostDifferences = 20

/**
 * The places at which two JSON values differ, such as `.identity.traits`, with positions of lists as `[]`. Values are
 * never part of the result, because they belong to people.
 */
export function differingPlaces(ours: unknown, theirs: unknown): string[] {
  const places = new Set<string>()
  compare(ours, theirs, '', places)
  return [...places].slice(0, mostDifferences)
}

function compare(ours: unknown, theirs: unknown, place: string, places: Set<string>): void {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) places.add(`${place}.length`)
    for (const [position, value] of ours.slice(0, theirs.length).entries())
      compare(value, theirs[position], `${place}[]`, places)
  } else if (isObject(ours) && isObject(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const at = `${place}.${key}`
      if (key in ours !== key in theirs) places.add(at)
      else if (!worded.has(key)) compare(ours[key], theirs[key], at, places)
    }
  } else if (ours !== theirs && !isSameTime(ours, theirs)) places.add(place || '.')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSameTime(ours: unknown, theirs: unknown): boolean {
  if (typeof ours !== 'string' || typeof theirs !== 'string' || !time.test(ours) || !time.test(theirs)) return false
  return Math.abs(Date.parse(ours) - Date.parse(theirs)) <= toleranceMs
}
