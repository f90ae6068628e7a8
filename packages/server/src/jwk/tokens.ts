import type { JsonWebKey } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { keySet } from './key-set.ts'
import { type SigningKey, signJwt } from './signing-key.ts'
import { headerOf, type VerifiedToken, verifyWith } from './verify.ts'

/** The key of a set that signs: the newest private one. It is generated (RS256) at the first use of the set. */
export async function signingKey(ctx: Context, setName: string): Promise<SigningKey> {
  return (await keySet(ctx, setName)).signer
}

/**
 * Signs claims with the newest key of a set, as a JSON Web Signature in compact serialization (RFC 7515). `headers` are
 * added to `alg`, `kid` and `typ: 'JWT'`, and replace them.
 */
export async function signToken(ctx: Context, setName: string, claims: object, headers?: object): Promise<string> {
  const { signer } = await keySet(ctx, setName)
  return signJwt(signer, claims, headers)
}

/**
 * Verifies the signature of a token with the key of the set that it names, which may be an older one. The only algorithm
 * is that of the key (RFC 8725, section 3.1). Undefined for a token of other keys, a malformed or a modified one.
 * Claims are NOT checked: whether the token has expired (`exp`), is already valid (`nbf`), and whom it is from and for is
 * the caller's to check.
 */
export async function verifyToken(ctx: Context, setName: string, token: string): Promise<VerifiedToken | undefined> {
  const kid = headerOf(token)?.kid
  if (typeof kid !== 'string') return undefined
  const verifier =
    (await keySet(ctx, setName)).verifiers.get(kid) ??
    // Another process may have added the key a moment ago.
    (await keySet(ctx, setName, { isFresh: true })).verifiers.get(kid)
  return verifier && verifyWith(verifier, token)
}

/** The public keys of sets, the newest of each first (RFC 7517). A set that does not exist gets its first key. */
export async function publicKeys(ctx: Context, setNames: Iterable<string>): Promise<JsonWebKey[]> {
  const sets = await Promise.all([...new Set(setNames)].map((name) => keySet(ctx, name)))
  return sets.flatMap((set) => set.publicKeys)
}
