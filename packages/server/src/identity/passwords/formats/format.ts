/** A format of stored password hashes. */
export interface HashFormat {
  name: string
  /** Whether the hash has the prefix of this format. The rest may be malformed. */
  matches: (hash: string) => boolean
  /** Parses the hash and returns a function that compares passwords with it, or the reason why there is none. */
  decode: (hash: string) => Check | 'malformed' | 'too expensive'
}

/** Compares a password (UTF-8 bytes) with the decoded hash, in constant time. */
export type Check = (password: Buffer) => boolean | Promise<boolean>

/** The minimum length of a digest. A short digest is not secure, and an empty one would match every password. */
export const minDigestBytes = 10
