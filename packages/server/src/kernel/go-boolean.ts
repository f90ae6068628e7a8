const trueWords = ['1', 't', 'T', 'true', 'TRUE', 'True']
const falseWords = ['0', 'f', 'F', 'false', 'FALSE', 'False']

/** Whether a text means true, as Go's strconv.ParseBool reads it. */
export function isTrue(text: string): boolean {
  return trueWords.includes(text)
}

/** Whether a text means false, as Go's strconv.ParseBool reads it. */
export function isFalse(text: string): boolean {
  return falseWords.includes(text)
}
