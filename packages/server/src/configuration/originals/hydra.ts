import { merge } from '../../kernel/config/merge.ts'
import { parsePart } from '../../kernel/config/part.ts'
import type { TlsMaterial } from '../../kernel/config/tls.ts'
import type { Finding } from '../../kernel/config/validate.ts'
import { isTree, plain, type Tree } from '../../kernel/config/walk.ts'
import { claimsByScope, onInProjects, ownLoginPath, resolveOAuth2 } from '../../oauth2/index.ts'
import type { LoadedOriginal, Original, Part } from '../original.ts'
import { type HydraFile, hydraSchema } from './hydra-schema.ts'
import { loadHydraTls, noCertificates } from './hydra-tls.ts'

export type HydraListenerName = 'public' | 'admin'

/** The Hydra listeners. */
export interface HydraInstallation {
  readonly serve: Pick<HydraFile['serve'], HydraListenerName>
  /** The certificates of the listeners with TLS. */
  readonly tls: Readonly<Partial<Record<HydraListenerName, TlsMaterial>>>
  /** The secrets from which keys are derived, the current one first; empty if the installation has its own. */
  readonly secrets: readonly string[]
}

declare module '../installation.ts' {
  interface InstallationConfig {
    readonly hydra: HydraInstallation
  }
}

export const hydra = {
  name: 'hydra',
  title: 'a Hydra configuration',
  schema: hydraSchema,
  service: 'oauth2',
  load: loadHydra,
  impliedBy: impliedByProject,
} as const satisfies Original

/**
 * Loads a Hydra configuration with the certificates that it references.
 * @throws ConfigError
 */
async function loadHydra(part: Part): Promise<LoadedOriginal> {
  const { folder, implied, signInUrl } = part
  const own = implied ?? (signInUrl && URL.canParse(signInUrl) ? { urls: ownSignIn(originOf(signInUrl)) } : undefined)
  const withImplied = (value: unknown) => (own ? merge(impliedFor(own, value), value) : value)
  const { value: file, notices, refuse } = parsePart<HydraFile>(plain(hydraSchema), part, withImplied)
  // A project opens the listener of its identity part, and variables such as SERVE_PUBLIC_TLS_CERT_PATH mean that one.
  const certificates = implied ? noCertificates : await loadHydraTls(file, folder)
  refuse([...insecureIssuer(file, implied), ...saltFindings(file), ...certificates.findings])
  return {
    dsn: file.dsn,
    config: {
      oauth2: resolveOAuth2(
        file,
        { public: listenerUrl(file, 'public'), admin: listenerUrl(file, 'admin') },
        own !== undefined,
      ),
    },
    installation: { hydra: { serve: file.serve, tls: certificates.tls, secrets: file.secrets.system } },
    process: { log: file.log, tracing: file.tracing, outgoing: file.clients.http },
    files: certificates.files,
    notices,
  }
}

/**
 * What the public URL of a project implies: it is the issuer. A project on this machine is in development mode, in which cookies need no TLS.
 * What Hydra lacks and disturbs nobody is on.
 */
function impliedByProject(baseUrl: string) {
  const origin = originOf(baseUrl)
  const { protocol, hostname } = new URL(baseUrl)
  return {
    dev: protocol === 'http:' && /(^|\.)localhost$|^127\.|^\[::1\]$/.test(hostname),
    urls: { self: { issuer: origin, admin: `${origin}/` }, ...ownPages(origin) },
    // The consent page of a project grants them.
    webfinger: {
      oidc_discovery: {
        supported_scope: Object.keys(claimsByScope),
        supported_claims: Object.values(claimsByScope).flat(),
      },
    },
    oauth2: onInProjects,
  }
}

/** A login page that the project names is also where people sign up, as with Hydra. */
function impliedFor(implied: Tree, value: unknown): Tree {
  const urls = isTree(value) && isTree(value.urls) ? value.urls : {}
  const own = implied.urls
  if (urls.login === undefined || urls.registration !== undefined || !isTree(own)) return implied
  const { registration: _, ...others } = own
  return { ...implied, urls: others }
}

/** With the path of the URL, but without a slash at its end. */
function originOf(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '')
}

/** Where people sign in and up at the sign-in of the same process. */
function ownSignIn(origin: string) {
  return { login: origin + ownLoginPath, registration: `${origin}/self-service/registration/browser` }
}

/** The pages of a project, on which its own people sign in, agree and sign out. */
function ownPages(origin: string) {
  return {
    ...ownSignIn(origin),
    consent: `${origin}/ui/consent`,
    logout: `${origin}/ui/logout`,
    post_logout_redirect: `${origin}/ui/logout`,
    error: `${origin}/ui/error`,
    device: { verification: `${origin}/ui/device`, success: `${origin}/ui/device/done` },
  }
}

/** Where a listener is found if nothing else is said about it; as in Hydra, over HTTPS other than in development mode. */
function listenerUrl({ dev, serve }: HydraFile, name: HydraListenerName): string {
  const { host, port, tls } = serve[name]
  const isHttps = !dev || (tls?.enabled ?? serve.tls?.enabled) === true
  const isName = host !== '' && !['0.0.0.0', '::'].includes(host) && !host.startsWith('unix:')
  return `${isHttps ? 'https' : 'http'}://${isName ? host : 'localhost'}:${port}/`
}

/** As Hydra, other than in development mode this refuses an issuer without HTTPS; not one that a project implies. */
function insecureIssuer({ dev, urls }: HydraFile, implied: Part['implied']): Finding[] {
  const { issuer } = urls.self
  if (dev || !issuer || issuer.startsWith('https:') || issuer === issuerOf(implied)) return []
  return [
    {
      path: ['urls', 'self', 'issuer'],
      expected: 'a URL with https, or dev: true for development',
      found: JSON.stringify(issuer),
    },
  ]
}

function issuerOf(implied: Part['implied']): unknown {
  const { urls } = (implied ?? {}) as Partial<ReturnType<typeof impliedByProject>>
  return urls?.self.issuer
}

/** Whoever guesses a short salt knows the subjects behind the pairwise identifiers. */
function saltFindings({ oidc }: HydraFile): Finding[] {
  const { supported_types, pairwise } = oidc.subject_identifiers
  if (!supported_types.includes('pairwise') || (pairwise && pairwise.salt.length >= 8)) return []
  return [
    {
      path: ['oidc', 'subject_identifiers', 'pairwise', 'salt'],
      expected: 'a random text of at least 8 characters',
      found: 'a shorter one',
    },
  ]
}
