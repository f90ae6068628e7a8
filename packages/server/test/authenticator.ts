import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

type Algorithm = 'ES256' | 'EdDSA' | 'RS256'

interface StoredKey {
  id: Buffer
  algorithm: Algorithm
  privateKey: KeyObject
  publicKey: KeyObject
  rpId: string
  userHandle: Buffer
  counter: number
}

/** What an authenticator does, and what a test lets it do wrong. */
export interface Behaviour {
  origin: string
  algorithm?: Algorithm
  /** Whether the person is verified, by default they are. */
  verifies?: boolean
  /** Whether the person is present. */
  isPresent?: boolean
  /** The format of the attestation statement. */
  attestation?: 'none' | 'self' | 'certificate'
  /** By how much the counter increases; 0 as with synchronized passkeys. */
  step?: number
  /** Whether keys may be, and are, synchronized. */
  isSynchronized?: boolean
  /** Members of the client data that differ. */
  clientData?: Record<string, unknown>
  /** Another relying party than the options name. */
  rpId?: string
  /** The user handle of assertions, unless the real one. */
  userHandle?: Buffer | null
  aaguid?: string
}

// biome-ignore lint/suspicious/noExplicitAny: options are read as a browser reads them
type Options = any

/** An authenticator and the browser before it, in software (WebAuthn Level 3, sections 5 and 6). */
export class Authenticator {
  readonly keys: StoredKey[] = []
  /** The id of new keys, unless random. */
  fixedId: Buffer | undefined
  readonly behaviour: Behaviour

  constructor(behaviour: Behaviour) {
    this.behaviour = behaviour
  }

  /** Makes a key for creation options, and answers as the script of the page sends it. */
  create({ publicKey: options }: Options, change: Partial<Behaviour> = {}): string {
    const how = { algorithm: 'ES256' as Algorithm, step: 1, ...this.behaviour, ...change }
    const excluded = (options.excludeCredentials ?? []).map(({ id }: { id: string }) => id)
    if (this.keys.some(({ id }) => excluded.includes(id.toString('base64url')))) throw new Error('InvalidStateError')
    const key: StoredKey = {
      id: this.fixedId ?? randomBytes(32),
      algorithm: how.algorithm,
      ...keyPair(how.algorithm),
      rpId: how.rpId ?? options.rp.id,
      userHandle: Buffer.from(options.user.id, 'base64url'),
      counter: 0,
    }
    this.keys.push(key)
    return this.attest(key, options.challenge, how)
  }

  private attest(key: StoredKey, challenge: string, how: Behaviour): string {
    const clientData = this.clientData('webauthn.create', challenge, how)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(key.id.length)
    const aaguid = Buffer.from((how.aaguid ?? '0'.repeat(32)).replaceAll('-', ''), 'hex')
    const data = Buffer.concat([this.head(key, how, 0x40), aaguid, length, key.id, coseKey(key)])
    const statement = new Map<string, unknown>()
    if (how.attestation === 'self') {
      statement.set('alg', coseAlgorithm[key.algorithm])
      statement.set('sig', new Uint8Array(signed(key, Buffer.concat([data, sha256(clientData)]))))
    }
    if (how.attestation === 'certificate') {
      statement.set('alg', -7)
      statement.set('sig', new Uint8Array(70))
      statement.set('x5c', [new Uint8Array(100)])
    }
    const isPlain = (how.attestation ?? 'none') === 'none'
    const attestation = encode(
      new Map<string, unknown>([
        ['fmt', isPlain ? 'none' : 'packed'],
        ['attStmt', statement],
        ['authData', new Uint8Array(data)],
      ]),
    )
    return answer(key.id, {
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal', 'hybrid', 'carrier-pigeon'],
    })
  }

  /** Signs with a key that the options allow, the newest one first. */
  get({ publicKey: options }: Options, change: Partial<Behaviour> = {}): string {
    const how = { step: 1, ...this.behaviour, ...change }
    const allowed = options.allowCredentials?.map(({ id }: { id: string }) => id)
    const key = this.keys.findLast(({ id, rpId }) =>
      allowed ? allowed.includes(id.toString('base64url')) : rpId === options.rpId,
    )
    if (!key) throw new Error('NotAllowedError')
    return this.assert(key, options.challenge, how)
  }

  /** Signs a challenge with a key, whatever was allowed. */
  assert(key: StoredKey, challenge: string, change: Partial<Behaviour> = {}): string {
    const how = { step: 1, ...this.behaviour, ...change }
    key.counter += how.step
    const clientData = this.clientData('webauthn.get', challenge, how)
    const data = this.head(key, how, 0)
    const handle = how.userHandle === undefined ? key.userHandle : how.userHandle
    return answer(key.id, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signed(key, Buffer.concat([data, sha256(clientData)])).toString('base64url'),
      userHandle: handle?.toString('base64url') ?? '',
    })
  }

  private head(key: StoredKey, how: Behaviour, more: number): Buffer {
    const present = how.isPresent === false ? 0 : 0x01
    const verified = how.verifies === false ? 0 : 0x04
    const synchronized = how.isSynchronized ? 0x18 : 0
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(key.counter)
    const flags = Buffer.from([present | verified | synchronized | more])
    return Buffer.concat([sha256(Buffer.from(how.rpId ?? key.rpId)), flags, counter])
  }

  private clientData(type: string, challenge: string, { origin, clientData }: Behaviour): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }))
  }
}

const coseAlgorithm = { ES256: -7, EdDSA: -8, RS256: -257 } as const

function keyPair(algorithm: Algorithm): Pick<StoredKey, 'privateKey' | 'publicKey'> {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 })
}

/** The key as a COSE_Key (RFC 9052, section 7; RFC 9053, section 7; RFC 8230, section 4). */
function coseKey({ algorithm, publicKey }: StoredKey): Buffer {
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'))
  const own: [number, unknown][] =
    algorithm === 'ES256'
      ? [
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(jwk.x)],
          [-3, bytes(jwk.y)],
        ]
      : algorithm === 'EdDSA'
        ? [
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, bytes(jwk.x)],
          ]
        : [
            [1, 3],
            [3, -257],
            [-1, bytes(jwk.n)],
            [-2, bytes(jwk.e)],
          ]
  return encode(new Map(own))
}

function signed({ algorithm, privateKey }: StoredKey, data: Buffer): Buffer {
  return sign(algorithm === 'EdDSA' ? null : 'sha256', data, privateKey)
}

function answer(id: Buffer, response: Record<string, unknown>): string {
  return JSON.stringify({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    response,
  })
}

// biome-ignore lint/suspicious/noExplicitAny: the types of the encoder have no maps of everything
const encode = (value: any): Buffer => Buffer.from(isoCBOR.encode(value))
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest()
