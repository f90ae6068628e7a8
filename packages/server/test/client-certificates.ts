import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** A certificate among the fixtures. All are valid from 2020 to 2120 unless their name says otherwise. */
export async function certificate(name: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(new URL(`certificates/${name}.crt.pem`, import.meta.url)))
}

/** The header of a proxy with a certificate (RFC 9440). */
export function headerOf({ raw }: X509Certificate): { 'client-cert': string } {
  return { 'client-cert': `:${raw.toString('base64')}:` }
}

/** The claim x5t#S256. */
export function thumbprint({ fingerprint256 }: X509Certificate): string {
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}
