import { type CelFunc, CelScalar, celFunc, celList, celMethod, listType, objectType } from '@bufbuild/cel'
import { type Timestamp, TimestampSchema, timestampFromMs } from '@bufbuild/protobuf/wkt'
import ipaddr from 'ipaddr.js'
import { localTime } from './local-time.ts'

const { BOOL, DYN, INT, STRING } = CelScalar
const anyList = listType(DYN)
const timestamp = objectType(TimestampSchema)

/** Date accessors of CEL: months, days of the month and days of the year are zero-based; the week starts on Sunday. */
const parts: Record<string, (date: Date) => number> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => (date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
}

/**
 * Functions that the library lacks, and replacements for functions that it gets wrong: its time accessors depend on the
 * server's time zone and are off around daylight saving changes, it takes seconds for milliseconds, and each list
 * concatenation makes the resulting list slower to read.
 */
export const functions: CelFunc[] = [
  celMethod('in_cidr', STRING, [STRING], BOOL, function (range) {
    return isInRange(this, range)
  }),
  celFunc('timestamp', [INT], timestamp, (seconds) => timestampFromMs(Number(seconds) * 1000)),
  celFunc('_+_', [anyList, anyList], anyList, (left, right) => celList([...left, ...right])),
  ...Object.entries(parts).flatMap(([name, part]) => [
    celMethod(name, timestamp, [], INT, function () {
      return BigInt(Math.floor(part(new Date(millisecondsOf(this.message)))))
    }),
    celMethod(name, timestamp, [STRING], INT, function (zone) {
      return BigInt(Math.floor(part(localTime(millisecondsOf(this.message), zone))))
    }),
  ]),
]

/** Whether an address is in a range such as 10.0.0.0/8. IPv4-mapped IPv6 addresses count as IPv4. */
function isInRange(address: string, range: string): boolean {
  const one = ipaddr.process(address)
  const [first, bits] = ipaddr.parseCIDR(range)
  return one.kind() === first.kind() && one.match(first, bits)
}

function millisecondsOf({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1_000_000)
}
