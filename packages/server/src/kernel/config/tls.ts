import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import Type, { type Static } from 'typebox'
import type { Path } from './document.ts'
import { closed, filePath } from './schema-builders.ts'
import type { Finding } from './validate.ts'

const pem = closed({ path: Type.Optional(filePath()), base64: Type.Optional(Type.String()) })

/** The certificate of a listener and its key, each as a file or as base64 of what the file would hold. */
export const tls = Type.Optional(closed({ key: Type.Optional(pem), cert: Type.Optional(pem) }))

export type TlsConfig = Static<typeof tls>

/** A certificate chain and its private key, in PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
}

/** The oldest version of TLS that is spoken (RFC 8996 forbids those before). */
export const oldestTlsVersion = 'TLSv1.2'

interface LoadedTls {
  /** None where the listener speaks plain HTTP, or where there are findings. */
  readonly material?: TlsMaterial
  readonly findings: readonly Finding[]
  /** Files to watch, so that a renewed certificate is taken without a restart. */
  readonly files: readonly string[]
}

/**
 * Reads the certificate and the key of a listener. Whatever keeps them from being used is a finding: a listener that was
 * configured with TLS never speaks plain HTTP.
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
  return { findings: [{ path: at.path, expected, found: `some that cannot be used (${unusable})` }], files }
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
  const file = resolve(folder, source.path)
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

/** OpenSSL's reason, which names no secret. */
function whyUnusable(material: TlsMaterial): string | undefined {
  try {
    createSecureContext({ ...material, minVersion: oldestTlsVersion })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
