/** By code points, which the units of UTF-16 order differently beyond the basic multilingual plane. */
export function compareTexts(left: string, right: string): number {
  const isBasic = !/[\ud800-\udfff]/.test(left + right)
  if (!isBasic) return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return left < right ? -1 : Number(left > right)
}
