/** What the command's exit code says. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2 } as const

/** A mistake of the caller's that is told in one line and ends the command with `wrongInput`. */
export class UsageError extends Error {}
