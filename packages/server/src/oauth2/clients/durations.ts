const units: readonly (readonly [name: string, nanoseconds: bigint])[] = [
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]

/** A duration in Go's notation, such as 1h30m, in nanoseconds; undefined if it is none. */
function nanosecondsOf(text: string): bigint | undefined {
  if (text === '0') return 0n
  const parts = [...text.matchAll(/(\d+)(?:\.(\d+))?(ns|us|µs|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  return parts.reduce((sum, [, whole = '0', fraction = '', name]) => {
    const unit = units.find(([one]) => one === name)?.[1] ?? 0n
    const digits = fraction.slice(0, 12)
    return sum + BigInt(whole) * unit + (BigInt(digits || '0') * unit) / 10n ** BigInt(digits.length)
  }, 0n)
}

/** In milliseconds, or undefined for text that is no duration. */
export function durationMs(text: string): number | undefined {
  const nanoseconds = nanosecondsOf(text)
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6
}

/** A duration as Go prints it: 90m becomes 1h30m0s. */
export function canonicalDuration(text: string): string {
  const total = nanosecondsOf(text)
  if (total === undefined) return text
  if (total === 0n) return '0s'
  const second = 1_000_000_000n
  if (total < second) {
    const [name, unit] =
      total < 1_000n
        ? (['ns', 1n] as const)
        : total < 1_000_000n
          ? (['µs', 1_000n] as const)
          : (['ms', 1_000_000n] as const)
    return decimal(total, unit) + name
  }
  const seconds = `${decimal(total % (60n * second), second)}s`
  const minutes = total / (60n * second)
  if (minutes === 0n) return seconds
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`
}

function decimal(value: bigint, unit: bigint): string {
  const digits = String(unit).length - 1
  const fraction =
    digits === 0
      ? ''
      : String(value % unit)
          .padStart(digits, '0')
          .replace(/0+$/, '')
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`
}
