/** One way in which a stored password hash may be written. */
export interface HashFormat {
  name: string
  /** Whether the text names this format. What follows the name may still be malformed. */
  matches: (hash: string) => boolean
  /** Reads the whole text and answers how to check a password against it, or why that cannot be done. */
  decode: (hash: string) => Check | 'malformed' | 'too expensive'
}

/** Compares a password (UTF-8 bytes) with the decoded hash, in constant time. */
export type Check = (password: Buffer) => boolean | Promise<boolean>

/** A digest shorter than this proves nothing; an empty one would equal every password's. */
export const minDigestBytes = 10
