import { InvalidArgumentError } from 'commander'

/** A parser of an option or variable that must be an integer within bounds. */
export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected an integer from ${least} to ${most}.`)
  }
}
