import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import Type, { type Static } from 'typebox'
import type { Path } from './document.ts'
import { closedObject, filePath } from './schema-builders.ts'
import { resolveFile } from './source.ts'
import type { Finding } from './validate.ts'

const pem = closedObject({ path: Type.Optional(filePath()), base64: Type.Optional(Type.String()) })

/** The certificate and private key of a listener, each as a file or as its base64-encoded content. */
export const tls = Type.Optional(closedObject({ key: Type.Optional(pem), cert: Type.Optional(pem) }))

export type TlsConfig = Static<typeof tls>

/** A certificate chain and its private key, in PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  /** Whether clients are asked for a certificate. They may have none; which ones are good is decided per request. */
  readonly requestCert?: boolean
}

/** The minimum TLS version (RFC 8996 deprecates earlier versions). */
export const minTlsVersion = 'TLSv1.2'

interface LoadedTls {
  /** Undefined if the listener uses plain HTTP or there are findings. */
  readonly material?: TlsMaterial
  readonly findings: readonly Finding[]
  /** Files to watch, so that a renewed certificate is loaded without a restart. */
  readonly files: readonly string[]
}

/**
 * Reads the certificate and the private key of a listener. Errors are returned as findings: a listener configured with
 * TLS never falls back to plain HTTP.
 */
export async function loadTls(
  config: TlsConfig | undefined,
  at: { path: Path; folder: string | undefined },
): Promise<LoadedTls> {
  const sources = { cert: config?.cert, key: config?.key }
  if (isEmpty(sources.cert) && isEmpty(sources.key)) return { findings: [], files: [] }
  const read = {
    cert: await readPem(sources.cert, at.folder, 'a certificate'),
    key: await readPem(sources.key, at.folder, 'a private key'),
  }
  const files = [read.cert, read.key].flatMap(({ file }) => file ?? [])
  const findings = (['cert', 'key'] as const).flatMap((name): Finding[] => {
    const { fault } = read[name]
    return fault ? [{ path: [...at.path, name, ...fault.path], expected: fault.expected, found: fault.found }] : []
  })
  if (findings.length > 0) return { findings, files }
  const material = { cert: read.cert.text, key: read.key.text }
  const unusable = whyUnusable(material)
  if (unusable === undefined) return { material, findings, files }
  const expected = 'a certificate and its private key, both in PEM'
  return { findings: [{ path: at.path, expected, found: `an invalid pair (${unusable})` }], files }
}

interface PemSource {
  path?: string | undefined
  base64?: string | undefined
}

interface ReadPem {
  readonly text: string
  readonly file?: string
  readonly fault?: Finding
}

async function readPem(source: PemSource | undefined, folder: string | undefined, what: string): Promise<ReadPem> {
  if (source?.path && source.base64) {
    return { text: '', fault: { path: [], expected: `${what} as path or as base64`, found: 'both' } }
  }
  if (source?.base64) return { text: Buffer.from(source.base64, 'base64').toString('utf8') }
  if (!source?.path) return { text: '', fault: { path: [], expected: what, found: 'none' } }
  if (folder === undefined)
    return { text: '', fault: { path: ['path'], expected: `${what} as base64`, found: 'a file' } }
  const file = resolveFile(source.path, folder)
  try {
    return { text: await readFile(file, 'utf8'), file }
  } catch (error) {
    const found = `a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}: ${file})`
    return { text: '', file, fault: { path: ['path'], expected: `a file with ${what}`, found } }
  }
}

function isEmpty(source: PemSource | undefined): boolean {
  return !source?.path && !source?.base64
}

/** The error message of OpenSSL, which contains no secret. */
function whyUnusable(material: TlsMaterial): string | undefined {
  try {
    createSecureContext({ ...material, minVersion: minTlsVersion })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
