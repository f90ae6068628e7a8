/** Passwords of fewer characters are refused for their length. */
const shortest = 6

let known: Promise<ReadonlySet<string>> | undefined

/**
 * Whether a password is one of some 40,000 that people use most often, in any letter case. The list is part of the
 * installation and read when the first password is set, so that nothing is asked of others.
 */
export async function isCommon(password: string): Promise<boolean> {
  known ??= loadList()
  return (await known).has(password.toLowerCase())
}

async function loadList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= shortest))
}
