import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { TestAnswer, TestProject } from './app.ts'
import { Person } from './people.ts'

type Alg = 'ES256' | 'RS256'

export interface SoftwareKey {
  readonly alg: Alg
  readonly publicKey: JWK
  readonly privateKey: CryptoKey
}

export async function softwareKey(alg: Alg = 'ES256'): Promise<SoftwareKey> {
  const pair = await generateKeyPair(alg, { extractable: true })
  return { alg, publicKey: await exportJWK(pair.publicKey), privateKey: pair.privateKey }
}

/** What Chromium 156 sends: the key in the header of a registration, and only the challenge in the payload. */
export function proofWith(
  { alg, publicKey, privateKey }: SoftwareKey,
  challenge: string,
  { registers = false, header = {}, claims = {} }: { registers?: boolean; header?: object; claims?: object } = {},
): Promise<string> {
  return new SignJWT({ jti: challenge, ...claims })
    .setProtectedHeader({ alg, ...(registers && { jwk: publicKey }), typ: 'dbsc+jwt', ...header })
    .sign(privateKey)
}

export const pathOf = (url: string) => new URL(url).pathname

/** The parts of a registration header, and the challenge of a header that asks for a proof. */
export function registrationIn({ headers }: TestAnswer): { algorithms: string; path: string; challenge: string } {
  const header = String(headers['secure-session-registration'])
  const [, algorithms = '', url = '', challenge = ''] = /^\((.*)\);path="(.*)";challenge="(.*)"$/.exec(header) ?? []
  return { algorithms, path: pathOf(url), challenge }
}

export function challengeIn({ headers }: TestAnswer): { challenge: string; id: string } {
  const [, challenge = '', id = ''] = /^"(.*)";id="(.*)"$/.exec(String(headers['secure-session-challenge'])) ?? []
  return { challenge, id }
}

/**
 * A browser that binds sessions to its device, with a key in software: it registers one when an answer asks for it, and
 * refreshes the cookie of the device before a request if the cookie has run out, as the W3C draft describes.
 */
export class BoundBrowser extends Person {
  readonly key: SoftwareKey
  /** The session instructions of the newest answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was answered
  instructions: any
  /** The answers to registrations and refreshes. */
  readonly answers: TestAnswer[] = []
  readonly #now: () => number
  readonly #ends = new Map<string, number>()

  constructor(project: TestProject, now: () => number, key: SoftwareKey) {
    super(project, 'browser')
    this.#now = now
    this.key = key
  }

  override async call(...[method, path, sent]: Parameters<Person['call']>): Promise<TestAnswer> {
    await this.#refreshIfNeeded()
    const answer = await this.#send(method, path, sent)
    if (answer.headers['secure-session-registration']) await this.#register(answer)
    return answer
  }

  /** The name of the cookie of the device. */
  get boundName(): string {
    return this.instructions.credentials[0].name
  }

  /** Asks for a challenge, and gives a proof that answers it. */
  async freshProof(key = this.key, more: { header?: object; claims?: object } = {}): Promise<string> {
    return proofWith(key, challengeIn(await this.askToRefresh()).challenge, more)
  }

  askToRefresh(proof?: string): Promise<TestAnswer> {
    const { session_identifier: id, refresh_url: url } = this.instructions
    const headers = { 'sec-secure-session-id': id, ...(proof && { 'secure-session-response': proof }) }
    return this.#send('POST', pathOf(url), { headers })
  }

  async #register(asking: TestAnswer): Promise<void> {
    const { path, challenge } = registrationIn(asking)
    const proof = await proofWith(this.key, challenge, { registers: true })
    const answer = await this.#send('POST', path, { headers: { 'secure-session-response': proof } })
    this.answers.push(answer)
    if (answer.status === 200) this.instructions = answer.body
  }

  async #refreshIfNeeded(): Promise<void> {
    for (const [name, end] of this.#ends) if (end <= this.#now()) this.cookies.delete(name)
    if (!this.instructions || this.cookies.has(this.boundName)) return
    const answer = await this.askToRefresh(await this.freshProof())
    this.answers.push(answer)
    if (answer.status >= 400) this.instructions = undefined
  }

  async #send(...[method, path, sent]: Parameters<Person['call']>): Promise<TestAnswer> {
    const answer = await super.call(method, path, sent)
    for (const line of [answer.headers['set-cookie'] ?? []].flat() as string[]) {
      const maxAge = /max-age=(\d+)/i.exec(line)?.[1]
      if (maxAge) this.#ends.set(line.slice(0, line.indexOf('=')), this.#now() + Number(maxAge) * 1000)
    }
    return answer
  }
}
