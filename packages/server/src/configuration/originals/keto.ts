import { parsePart } from '../../kernel/config/part.ts'
import { loadTls, type TlsMaterial } from '../../kernel/config/tls.ts'
import type { Finding } from '../../kernel/config/validate.ts'
import { isTree, plain } from '../../kernel/config/walk.ts'
import { configuredFetch } from '../../kernel/fetch.ts'
import type { Namespace } from '../../permission/index.ts'
import { loadNamespaces } from '../namespaces.ts'
import type { LoadedOriginal, Original, Part } from '../original.ts'
import { type KetoFile, ketoSchema } from './keto-schema.ts'

export type KetoListenerName = keyof KetoFile['serve']

/** The Keto listeners. */
export interface KetoInstallation {
  readonly serve: KetoFile['serve']
  /** The certificates of the listeners with TLS. */
  readonly tls: Readonly<Partial<Record<KetoListenerName, TlsMaterial>>>
}

declare module '../installation.ts' {
  interface InstallationConfig {
    readonly keto: KetoInstallation
  }
}

export const keto = {
  name: 'keto',
  title: 'a Keto configuration',
  schema: ketoSchema,
  service: 'permission',
  load: loadKeto,
} as const satisfies Original

/**
 * Loads a Keto configuration with the model and the certificates that it references.
 * @throws ConfigError
 */
async function loadKeto(part: Part): Promise<LoadedOriginal> {
  const { folder, options } = part
  const { value: file, notices, refuse } = parsePart<KetoFile>(plain(ketoSchema), part)
  const fetch = options.fetch ?? configuredFetch(file.clients.http)
  const model = await loadNamespaces(file.namespaces, { folder, fetch })
  const certificates = await loadCertificates(file, folder)
  const { namespaces } = model
  refuse(
    [...model.findings, ...unknownIn(file.identities.namespaces, namespaces), ...certificates.findings],
    model.problems,
  )
  return {
    dsn: file.dsn,
    config: {
      permission: {
        namespaces,
        limit: file.limit,
        identities: file.identities,
        strictMode: file.feature_flags.strict_mode || isStrictByOldName(file),
        expandRewrites: file.feature_flags.expand_rewrites,
      },
    },
    installation: { keto: { serve: file.serve, tls: certificates.tls } },
    process: { log: file.log, tracing: file.tracing, outgoing: file.clients.http },
    files: [...model.files, ...certificates.files],
    notices,
  }
}

/** As configurations named it before July 2026. */
function isStrictByOldName({ namespaces }: KetoFile): boolean {
  return isTree(namespaces) && namespaces.experimental_strict_mode === true
}

async function loadCertificates({ serve }: KetoFile, folder: string | undefined) {
  const names = Object.keys(serve) as KetoListenerName[]
  const loaded = await Promise.all(
    names.map(async (name) => ({
      name,
      ...(await loadTls(serve[name].tls, { path: ['serve', name, 'tls'], folder })),
    })),
  )
  return {
    tls: Object.fromEntries(loaded.flatMap(({ name, material }) => (material ? [[name, material]] : []))),
    findings: loaded.flatMap(({ findings }) => findings),
    files: loaded.flatMap(({ files }) => files),
  }
}

/** A misspelled namespace would exclude its relationships from the deletion without notice. */
function unknownIn(named: readonly string[], namespaces: readonly Namespace[]): Finding[] {
  return named.flatMap((name, i) => {
    if (namespaces.some((one) => one.name === name)) return []
    return [
      { path: ['identities', 'namespaces', i], expected: 'a namespace of the model', found: JSON.stringify(name) },
    ]
  })
}
