import { type CelFunc, CelScalar, celFunc, celList, celMethod, listType, objectType } from '@bufbuild/cel'
import { type Timestamp, TimestampSchema, timestampFromMs } from '@bufbuild/protobuf/wkt'
import ipaddr from 'ipaddr.js'
import { localTime } from './local-time.ts'

const { BOOL, DYN, INT, STRING } = CelScalar
const LIST = listType(DYN)
const TIMESTAMP = objectType(TimestampSchema)

/** What a date tells in the language: months, days of a month and of a year count from nought, Sunday is the first day. */
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
 * Functions beside the library's: those that it lacks, and those that stand in place of its own. Its times of day go
 * through the time zone of the server and are wrong when clocks change there, it takes seconds for milliseconds, and
 * its lists get slower with each list that is added.
 */
export const functions: CelFunc[] = [
  celMethod('in_cidr', STRING, [STRING], BOOL, function (range) {
    return isInRange(this, range)
  }),
  celFunc('timestamp', [INT], TIMESTAMP, (seconds) => timestampFromMs(Number(seconds) * 1000)),
  celFunc('_+_', [LIST, LIST], LIST, (left, right) => celList([...left, ...right])),
  ...Object.entries(parts).flatMap(([name, part]) => [
    celMethod(name, TIMESTAMP, [], INT, function () {
      return BigInt(Math.floor(part(new Date(millisecondsOf(this.message)))))
    }),
    celMethod(name, TIMESTAMP, [STRING], INT, function (zone) {
      return BigInt(Math.floor(part(localTime(millisecondsOf(this.message), zone))))
    }),
  ]),
]

/** Whether an address is in a range such as 10.0.0.0/8. Addresses of IPv4 that are written as IPv6 count as IPv4. */
function isInRange(address: string, range: string): boolean {
  const one = ipaddr.process(address)
  const [first, bits] = ipaddr.parseCIDR(range)
  return one.kind() === first.kind() && one.match(first, bits)
}

function millisecondsOf({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1_000_000)
}
