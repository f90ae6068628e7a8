import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificate, headerOf, thumbprint } from '../../test/client-certificates.ts'
import { listening } from '../../test/grpc.ts'
import { openApp } from '../../test/running.ts'
import { type ConfigError, loadOriginals } from '../configuration/index.ts'

const certificates = new URL('../../test/certificates/', import.meta.url)
const pem = (name: string) => readFile(new URL(`${name}.pem`, certificates), 'utf8')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-'))
  await writeFile(join(folder, 'person.json'), '{"type":"object","properties":{"traits":{"type":"object"}}}')
  await use('first')
})
afterAll(() => rm(folder, { recursive: true }))

/** What somebody who renews certificates does. */
async function use(name: string) {
  await copyFile(new URL(`${name}.crt.pem`, certificates), join(folder, 'crt.pem'))
  await copyFile(new URL(`${name}.key.pem`, certificates), join(folder, 'key.pem'))
}

const byPath = '{ cert: { path: crt.pem }, key: { path: key.pem } }'

async function byBase64(name: string) {
  const base64 = async (part: string) => Buffer.from(await pem(`${name}.${part}`)).toString('base64')
  return `{ cert: { base64: ${await base64('crt')} }, key: { base64: ${await base64('key')} } }`
}

async function loadKratos(publicTls: string, adminTls?: string) {
  const kratos = join(folder, 'kratos.yml')
  const admin = adminTls ? `, admin: { tls: ${adminTls} }` : ''
  await writeFile(
    kratos,
    `selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
serve: { public: { tls: ${publicTls} }${admin} }
`,
  )
  return loadOriginals({ kratos }, {})
}

async function loadKeto() {
  const keto = join(folder, 'keto.yml')
  const listeners = ['read', 'write', 'metrics', 'opl'].map((name) => `${name}: { tls: ${byPath} }`).join(', ')
  await writeFile(keto, `dsn: memory\nserve: { ${listeners} }\n`)
  return loadOriginals({ keto }, {})
}

async function statusOverTls(port: number, path = '/health/alive'): Promise<number | undefined> {
  const ca = [await pem('first.crt'), await pem('renewed.crt')]
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, ca, agent: false as const }
    secureRequest(options, (answer) => resolve(answer.resume().statusCode))
      .once('error', reject)
      .end()
  })
}

function handshake(port: number, options: object = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => resolve(socket))
    socket.once('error', reject)
  })
}

async function certificateName(port: number): Promise<unknown> {
  const socket = await handshake(port)
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return subject.CN
}

async function tokenOver(port: number, options: object, headers: object = {}): Promise<Record<string, string>> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const request = secureRequest({
    ...{ host: '127.0.0.1', port, path: '/oauth2/token', method: 'POST', agent: false as const },
    rejectUnauthorized: false,
    headers: { ...type, ...headers },
    ...options,
  })
  request.end('grant_type=client_credentials&client_id=reports')
  const [answer] = (await once(request, 'response')) as [AsyncIterable<Buffer>]
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString())
}

describe('a Kratos listener with TLS', () => {
  it.each([
    ['path', async () => byPath],
    ['base64', () => byBase64('first')],
  ])('is served with the certificate given by %s, and speaks nothing else', async (_, given) => {
    const { app, close } = await openApp({ loaded: await loadKratos(await given(), await given()) })
    for (const { http } of app.listeners) {
      const port = await listening(http)
      expect(await statusOverTls(port)).toBe(200)
      expect(await certificateName(port)).toBe('first.example')
      const plain = new Promise((resolve) => {
        const sent = plainRequest({ host: '127.0.0.1', port, path: '/health/alive', agent: false }, resolve)
        sent.once('error', () => resolve('refused')).end()
      })
      expect(await plain).toBe('refused')
      await expect(handshake(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow()
    }
    await close()
  })

  it('takes a renewed certificate without a restart', async () => {
    const { app, close } = await openApp({ loaded: await loadKratos(byPath) })
    const port = await listening(app.listeners[0]?.http)
    expect(await certificateName(port)).toBe('first.example')
    await use('renewed')
    const renewed = await loadKratos(byPath)
    expect(renewed.files).toEqual(expect.arrayContaining([join(folder, 'crt.pem'), join(folder, 'key.pem')]))
    app.reconfigure(renewed)
    expect(await certificateName(port)).toBe('renewed.example')
    expect(await statusOverTls(port, '/sessions/whoami')).toBe(401)
    await use('first')
    await close()
  })

  it('ends with its server although a client never finished a handshake', async () => {
    const { app, close } = await openApp({ loaded: await loadKratos(byPath) })
    const port = await listening(app.listeners[0]?.http)
    const silent = connectPlain({ host: '127.0.0.1', port })
    const ended = once(silent, 'close')
    await once(silent, 'connect')
    await close()
    await ended
  })
})

describe('Keto listeners with TLS', () => {
  it('speak HTTP and gRPC on one port', async () => {
    const { app, close } = await openApp({ loaded: await loadKeto() })
    const read = await listening(app.listeners.find(({ name }) => name === 'read')?.http)
    expect(await statusOverTls(read)).toBe(200)
    const ca = Buffer.from(await pem('first.crt'))
    const client = new Client(`localhost:${read}`, credentials.createSsl(ca))
    const same = (bytes: Buffer) => bytes
    const health = await new Promise<Buffer | ServiceError | null | undefined>((resolve) =>
      client.makeUnaryRequest('/grpc.health.v1.Health/Check', same, same, Buffer.alloc(0), (error, answer?: Buffer) =>
        resolve(error ?? answer),
      ),
    )
    // { status: SERVING }
    expect(health).toEqual(Buffer.from([8, 1]))
    client.close()
    await close()
  })
})

describe('Hydra listeners with TLS', () => {
  async function loadHydra(serve: string) {
    const hydra = join(folder, 'hydra.yml')
    await writeFile(hydra, `dsn: memory\ndev: true\nserve: ${serve}\n`)
    return loadOriginals({ hydra }, {})
  }
  const enabled = byPath.replace('{', '{ enabled: true,')

  it('share a certificate, unless one has its own or none', async () => {
    const loaded = await loadHydra(`{ tls: ${enabled}, admin: { tls: { enabled: false } } }`)
    const { app, close } = await openApp({ loaded })
    expect(app.listeners.map(({ name, isSecure }) => [name, isSecure])).toEqual([
      ['public', true],
      ['admin', false],
    ])
    expect(await statusOverTls(await listening(app.listeners[0]?.http))).toBe(200)
    expect(loaded.config.oauth2.urls.self).toMatchObject({
      issuer: 'https://localhost:4444/',
      admin: 'http://localhost:4445/',
    })
    expect(loaded.files).toContain(join(folder, 'crt.pem'))
    await close()
  })

  it('have a missing file reported at the listener that names it', async () => {
    const tls = '{ enabled: true, cert: { path: gone.pem }, key: { path: key.pem } }'
    await expect(loadHydra(`{ admin: { tls: ${tls} } }`)).rejects.toThrow(/serve\.admin\.tls\.cert\.path/)
  })

  it('ask clients for certificates where it is configured, which tokens are bound to', async () => {
    const mtls = 'oauth2: { mtls: { enabled: true } }'
    const asking = enabled.replace('{', '{ request_client_certificates: true,')
    const loaded = await loadHydra(`{ tls: ${asking}, admin: { tls: { enabled: false } } }\n${mtls}`)
    const { app, close } = await openApp({ loaded })
    const [publicPort = 0, adminPort] = [
      await listening(app.listeners[0]?.http),
      await listening(app.listeners[1]?.http),
    ]
    const own = await certificate('client')
    const client = {
      client_id: 'reports',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [own.publicKey.export({ format: 'jwk' })] },
      tls_client_certificate_bound_access_tokens: true,
      access_token_strategy: 'jwt',
    }
    const made = await fetch(`http://127.0.0.1:${adminPort}/admin/clients`, {
      method: 'POST',
      body: JSON.stringify(client),
    })
    expect(made.status).toBe(201)
    const withCertificate = { cert: await pem('client.crt'), key: await pem('client.key') }
    const { access_token: token } = await tokenOver(publicPort, withCertificate)
    const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
    expect(claims.cnf).toEqual({ 'x5t#S256': thumbprint(own) })
    expect(await tokenOver(publicPort, {})).toMatchObject({ error: 'invalid_client' })
    const header = headerOf(own)
    expect(await tokenOver(publicPort, {}, header)).toMatchObject({ error: 'invalid_client' })
    expect(await statusOverTls(publicPort)).toBe(200)
    await close()
  })

  it.each([
    ['{ tls: ASKING }', /serve\.tls\.request_client_certificates/],
    ['{ public: { tls: ASKING } }', /serve\.public\.tls\.request_client_certificates/],
  ])('ask for no certificates that nobody reads: %s is refused', async (serve, key) => {
    const asking = enabled.replace('{', '{ request_client_certificates: true,')
    await expect(loadHydra(serve.replace('ASKING', asking))).rejects.toThrow(key)
  })

  it('ask for no certificates without TLS: that is refused', async () => {
    await expect(loadHydra('{ public: { tls: { request_client_certificates: true } } }')).rejects.toThrow(
      /serve\.public\.tls\.request_client_certificates/,
    )
  })
})

describe('TLS that cannot be honoured', () => {
  const refusal = async (tls: string) => {
    const error: ConfigError = await loadKratos(tls).then(
      () => {
        throw new Error('the configuration was taken')
      },
      (refused) => refused,
    )
    return error.problems.map(({ key, line, found }) => `${line} ${key}: ${found}`)
  }

  it('is refused at its line: a file that is not there', async () => {
    expect(await refusal('{ cert: { path: gone.pem }, key: { path: key.pem } }')).toEqual([
      `3 serve.public.tls.cert.path: a file that cannot be read (ENOENT: ${join(folder, 'gone.pem')})`,
    ])
  })

  it('is refused at its line: a certificate without its key', async () => {
    expect(await refusal('{ cert: { path: crt.pem } }')).toEqual(['3 serve.public.tls.key: none'])
  })

  it('is refused at its line: a key of another certificate', async () => {
    await writeFile(join(folder, 'other.pem'), await pem('renewed.key'))
    expect(await refusal('{ cert: { path: crt.pem }, key: { path: other.pem } }')).toEqual([
      expect.stringMatching(/^3 serve\.public\.tls: an invalid pair \(.*mismatch/),
    ])
  })

  it('is refused at its line: something that is no certificate', async () => {
    const [problem] = await refusal('{ cert: { base64: bm90aGluZw== }, key: { path: key.pem } }')
    expect(problem).toMatch(/^3 serve\.public\.tls: an invalid pair/)
  })

  it('is refused at its line: one thing given twice', async () => {
    const [problem] = await refusal('{ cert: { path: crt.pem, base64: bm90aGluZw== }, key: { path: key.pem } }')
    expect(problem).toBe('3 serve.public.tls.cert: both')
  })
})
