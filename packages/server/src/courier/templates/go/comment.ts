export type CommentState = 'line comment' | 'block comment'

/**
 * The length of what ends a comment at a place of a script or style sheet; 0 if it goes on. The languages differ in the
 * characters that end a line.
 */
export function commentEnd(state: CommentState, { text, at, lineEnds }: Place): number {
  if (state === 'block comment') return text.startsWith('*/', at) ? 2 : 0
  return lineEnds.includes(text[at] as string) ? 1 : 0
}

interface Place {
  readonly text: string
  readonly at: number
  readonly lineEnds: string
}
