const trueWords = ['1', 't', 'T', 'true', 'TRUE', 'True']
const falseWords = ['0', 'f', 'F', 'false', 'FALSE', 'False']

/** Whether a string is true for Go's strconv.ParseBool. */
export function isTrue(text: string): boolean {
  return trueWords.includes(text)
}

/** Whether a string is false for Go's strconv.ParseBool. */
export function isFalse(text: string): boolean {
  return falseWords.includes(text)
}
