/** Exit codes of the command. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2 } as const

/** An error of the caller: printed as one line, with exit code `wrongInput`. */
export class UsageError extends Error {}
