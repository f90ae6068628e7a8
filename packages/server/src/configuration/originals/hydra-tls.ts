import { loadTls, type TlsMaterial } from '../../kernel/config/tls.ts'
import type { Finding } from '../../kernel/config/validate.ts'
import type { HydraFile } from './hydra-schema.ts'

type Serve = HydraFile['serve']

const names = ['public', 'admin'] as const

export const noCertificates: Awaited<ReturnType<typeof loadHydraTls>> = { tls: {}, findings: [], files: [] }

/** The certificates of the listeners. `serve.tls` applies where a listener does not have the key itself. */
export async function loadHydraTls({ serve, oauth2 }: HydraFile, folder: string | undefined) {
  const loaded = await Promise.all(
    names.map(async (name) => ({ name, ...(await loadListenerTls(serve, name, folder)) })),
  )
  const hasAsking = loaded.some(({ material }) => material?.requestCert)
  return {
    tls: Object.fromEntries(loaded.flatMap(({ name, material }) => (material ? [[name, material]] : []))) as Partial<
      Record<(typeof names)[number], TlsMaterial>
    >,
    findings: [
      ...loaded.flatMap(({ findings }) => findings),
      ...(hasAsking && !oauth2.mtls.enabled ? [unread(serve)] : []),
    ],
    files: loaded.flatMap(({ files }) => files),
  }
}

/** Certificates that clients are asked for, and that nobody reads. */
function unread({ public: { tls } }: Serve): Finding {
  const path = ['serve', ...(tls?.request_client_certificates ? ['public'] : []), 'tls', 'request_client_certificates']
  return { path, expected: 'false, or oauth2.mtls.enabled beside it', found: 'true' }
}

async function loadListenerTls(serve: Serve, name: (typeof names)[number], folder: string | undefined) {
  const own = serve[name].tls
  const path = own ? ['serve', name, 'tls'] : ['serve', 'tls']
  const merged: Pick<NonNullable<typeof serve.tls>, 'request_client_certificates'> = { ...serve.tls, ...own }
  const asks = name === 'public' && merged.request_client_certificates
  const { enabled, cert, key } = { ...serve.tls, ...own }
  if (enabled === false || (enabled === undefined && !cert && !key)) {
    const at = [...path, 'request_client_certificates']
    return { findings: asks ? [{ path: at, expected: 'false without TLS', found: 'true' }] : [], files: [] }
  }
  const refusal = (expected: string): Finding[] => [{ path: [...path, 'enabled'], expected, found: String(enabled) }]
  if (enabled === undefined) {
    return { findings: refusal('true or false, as the original speaks plain HTTP without it'), files: [] }
  }
  if (!cert || !key) return { findings: refusal('false, or cert and key beside it'), files: [] }
  const loaded = await loadTls({ cert, key }, { path, folder })
  return loaded.material && asks ? { ...loaded, material: { ...loaded.material, requestCert: true } } : loaded
}
