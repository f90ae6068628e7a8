import { loadCourier, requestBodyUrls } from '../../courier/index.ts'
import { checkIdentitySchema } from '../../identity/index.ts'
import { parsePart } from '../../kernel/config/part.ts'
import { sourceFile } from '../../kernel/config/source.ts'
import { loadTls, type TlsMaterial } from '../../kernel/config/tls.ts'
import { isTree, plain } from '../../kernel/config/walk.ts'
import { configuredFetch } from '../../kernel/fetch.ts'
import type { IdentityConfig } from '../../kernel/project-config.ts'
import { hookBodyUrls, loadHooks, loadOidc, oidcMapperUrls } from '../../selfservice/index.ts'
import { deviceBoundFindings, loadTokenizer, tokenizerUrls } from '../../session/index.ts'
import { loadIdentitySchemas } from '../identity-schemas.ts'
import type { LoadedOriginal, Original, Part } from '../original.ts'
import { cookieFindings, laxInDevelopment } from './kratos-cookies.ts'
import { type KratosFile, kratosSchema } from './kratos-schema.ts'

type ListenerName = keyof KratosFile['serve']

/** The Kratos listeners and its jobs. */
export interface KratosInstallation {
  readonly serve: KratosFile['serve']
  /** The certificates of the listeners with TLS. */
  readonly tls: Readonly<Partial<Record<ListenerName, TlsMaterial>>>
  readonly cleanup: KratosFile['database']['cleanup']
  /** The secrets from which keys are derived, the current one first; empty if the installation has its own. */
  readonly secrets: readonly string[]
  /** The polling interval of the courier. */
  readonly courierPollMs: number
}

declare module '../installation.ts' {
  interface InstallationConfig {
    readonly kratos: KratosInstallation
  }
}

export const kratos = {
  name: 'kratos',
  title: 'a Kratos configuration',
  schema: kratosSchema,
  service: 'identity',
  load: loadKratos,
} as const satisfies Original

/**
 * Loads a Kratos configuration with the identity schemas, mail templates and certificates that it references.
 * @throws ConfigError
 */
async function loadKratos(part: Part): Promise<LoadedOriginal> {
  const { folder, options } = part
  const { value: file, notices, refuse } = parsePart<KratosFile>(plain(kratosSchema), part, withBaseUrls)
  const fetch = options.fetch ?? configuredFetch(file.clients.http)
  const schemas = await loadIdentitySchemas(file, { folder, fetch, check: checkIdentitySchema })
  const templates = await loadCourier(file.courier, { folder, fetch })
  const hooks = await loadHooks(file.selfservice, { folder, fetch })
  const { tokenizer } = file.session.whoami
  const tokenTemplates = await loadTokenizer(tokenizer, { folder, fetch })
  const { oidc } = file.selfservice.methods
  const providers = await loadOidc(oidc, { folder, fetch })
  const certificates = {
    public: await loadTls(file.serve.public.tls, { path: ['serve', 'public', 'tls'], folder }),
    admin: await loadTls(file.serve.admin.tls, { path: ['serve', 'admin', 'tls'], folder }),
  }
  const { public: publicTls, admin: adminTls } = certificates
  refuse([
    ...cookieFindings(file),
    ...deviceBoundFindings(file),
    ...schemas.findings,
    ...templates,
    ...hooks,
    ...tokenTemplates,
    ...providers,
    ...publicTls.findings,
    ...adminTls.findings,
  ])
  const { cors } = file.serve.public
  return {
    dsn: file.dsn,
    config: {
      identity: identityConfig(file),
      identitySchemas: schemas.schemas,
      kratosCookieSecrets: file.secrets.cookie.length > 0 ? file.secrets.cookie : file.secrets.default,
      corsPublic: { enabled: cors.enabled, origins: cors.allowed_origins },
    },
    installation: {
      kratos: {
        serve: file.serve,
        tls: {
          ...(publicTls.material && { public: publicTls.material }),
          ...(adminTls.material && { admin: adminTls.material }),
        },
        cleanup: file.database.cleanup,
        secrets: file.secrets.cipher ?? file.secrets.default,
        courierPollMs: file.courier.worker.pull_wait,
      },
    },
    process: { log: file.log, tracing: file.tracing, outgoing: file.clients.http },
    files: [
      ...[
        ...file.identity.schemas.map(({ url }) => url),
        ...tokenizerUrls(tokenizer),
        ...oidcMapperUrls(oidc),
        ...requestBodyUrls(file.courier),
        ...hookBodyUrls(file.selfservice),
      ].flatMap((url) => sourceFile(url, folder) ?? []),
      ...publicTls.files,
      ...adminTls.files,
    ],
    notices,
  }
}

/** The project settings of the file. */
function identityConfig(file: KratosFile): IdentityConfig {
  const { dev, feature_flags, identity, hashers, security, selfservice, courier, oauth2_provider } = file
  const { cookies, session } = laxInDevelopment(file)
  const { public: publicListener, admin } = file.serve
  return {
    ...{ dev, cookies, feature_flags, identity, hashers, security, selfservice, courier, oauth2_provider },
    serve: {
      public: { base_url: publicListener.base_url, cors: publicListener.cors },
      admin: { base_url: admin.base_url },
    },
    clients: { web_hook: file.clients.web_hook, smtp: file.clients.smtp },
    session: { ...session, earliest_possible_extend: session.earliest_possible_extend ?? session.lifespan },
  }
}

/** The default base URL, derived from the listener. */
function withBaseUrls(value: unknown): unknown {
  if (!isTree(value) || (value.serve !== undefined && !isTree(value.serve))) return value
  const serve = { ...value.serve }
  for (const [name, fallback] of [['public', 4433] as const, ['admin', 4434] as const]) {
    const listener = serve[name] ?? {}
    if (!isTree(listener) || typeof listener.base_url === 'string') continue
    const scheme = listener.tls === undefined ? 'http' : 'https'
    serve[name] = { ...listener, base_url: `${scheme}://${hostName(listener.host)}:${listener.port ?? fallback}/` }
  }
  return { ...value, serve }
}

function hostName(host: unknown): string {
  const isName = typeof host === 'string' && !['', '0.0.0.0', '::'].includes(host) && !host.startsWith('unix:')
  return isName ? host : 'localhost'
}
