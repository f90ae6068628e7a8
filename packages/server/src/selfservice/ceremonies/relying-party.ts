import type { Context } from '../../kernel/context.ts'

/** How much an attestation statement may tell (section 5.4.7), and how much something is wanted. */
export const attestationPreferences = ['none', 'indirect', 'direct', 'enterprise'] as const
export const requirements = ['required', 'preferred', 'discouraged'] as const
type Requirement = (typeof requirements)[number]

/** A relying party (WebAuthn Level 3, section 4), and what it asks of authenticators. */
export interface RelyingParty {
  readonly id: string
  readonly name: string
  /** The origins that may use its credentials, as browsers write them. */
  readonly origins: readonly string[]
  readonly attachment?: 'platform' | 'cross-platform'
  /** Whether credentials have to be discoverable; not asked for unless given. */
  readonly residentKey?: Requirement
  readonly userVerification: Requirement
  /** Whether browsers may make credentials without asking the person, who then is not proven to be present. */
  readonly allowsSilentCreation?: boolean
  readonly attestation?: (typeof attestationPreferences)[number]
  /** How long browsers wait for an authenticator, in milliseconds. */
  readonly timeouts: { readonly registration: number; readonly login: number }
}

const defaultTimeoutMs = 300_000
const shorterTimeoutMs = 120_000

/** The timeouts that the library of Kratos sets: shorter ones where the user need not be verified. */
export function timeoutsFor(
  verification: RelyingParty['userVerification'],
  given: { registration?: number; login?: number } = {},
): RelyingParty['timeouts'] {
  const fallback = verification === 'discouraged' ? shorterTimeoutMs : defaultTimeoutMs
  return { registration: given.registration ?? fallback, login: given.login ?? fallback }
}

/**
 * The configured origins or, as in Kratos, the id with the scheme of the public URL. Then the pages of this service can
 * use the credentials too, if the id covers their host.
 */
export function originsOf(ctx: Context, id: string, configured: readonly string[] | undefined): string[] {
  if (configured) return configured.map(serializedOrigin)
  const base = new URL(ctx.config.identity.serve.public.base_url)
  const covers = base.hostname === id || base.hostname.endsWith(`.${id}`)
  return [...new Set([serializedOrigin(`${base.protocol}//${id}`), ...(covers ? [base.origin] : [])])]
}

/** The origins outside the id and its subdomains, which browsers accept if the id lists them (section 5.11). */
export function relatedOrigins({ id, origins }: Pick<RelyingParty, 'id' | 'origins'>): string[] {
  return origins.filter((origin) => {
    if (!/^https?:/.test(origin)) return false
    const { hostname } = new URL(origin)
    return hostname !== id && !hostname.endsWith(`.${id}`)
  })
}

/** Origins of web pages as browsers write them; those of native apps (`android:apk-key-hash:…`) are compared as they are. */
function serializedOrigin(origin: string): string {
  return /^https?:/i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin
}
