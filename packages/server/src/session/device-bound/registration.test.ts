import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, type TestAnswer, type TestProject } from '../../../test/app.ts'
import { pathOf, proofWith, registrationIn, type SoftwareKey, softwareKey } from '../../../test/bound-browser.ts'
import { minuteMs, openBoundProjects, origin } from '../../../test/bound-projects.ts'
import { freshEmail, linkTokenFor, Person, password, signedUp } from '../../../test/people.ts'

const path = '/sessions/device-bound/registration'

describe.each(dsns)('the registration of a device on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openBoundProjects>>
  let project: TestProject
  let key: SoftwareKey
  beforeAll(async () => {
    app = await openBoundProjects(dsn)
    project = await app.boundProject()
    key = await softwareKey()
  })
  afterAll(() => app.close())

  /** Somebody who has just signed up in a browser, and the challenge of the answer. */
  async function asked(headers: Record<string, string> = {}) {
    const person = new Person(project)
    const flow = await person.begin('registration')
    const traits = { email: freshEmail() }
    const answer = await person.submit('registration', flow, { method: 'password', traits, password }, headers)
    expect(answer.status).toBe(200)
    return { person, ...registrationIn(answer) }
  }
  const register = (person: Person, proof: string) =>
    person.call('POST', path, { headers: { 'secure-session-response': proof } })
  const outcome = ({ status, body }: TestAnswer) => [status, body.error?.reason]
  const proofFor = (challenge: string, more: Parameters<typeof proofWith>[2] = {}) =>
    proofWith(key, challenge, { registers: true, ...more })

  it('is asked for by each answer that begins a session in a browser, and by no other', async () => {
    const { person, email } = await signedUp(project, 'browser')
    const signIn = await new Person(project).signIn(email)
    expect(registrationIn(signIn)).toMatchObject({ algorithms: 'ES256 RS256', path })
    const form = new Person(project)
    const flow = await form.begin('login')
    const fields = { method: 'password', identifier: email, password }
    const page = await form.submit('login', flow, fields, { accept: 'text/html' })
    expect([page.status, registrationIn(page).path]).toEqual([303, path])
    const failed = await new Person(project).signIn(email, 'not the password')
    const native = await new Person(project, 'api').signIn(email)
    const others = [await person.call('GET', '/sessions/whoami'), await person.begin('settings'), failed, native]
    for (const { headers = {} } of others) expect(headers).not.toHaveProperty('secure-session-registration')
  })

  it('is asked for after recovery by a link', async () => {
    const recovering = await app.boundProject((identity) => {
      const { flows, methods } = identity.selfservice
      const recovery = { ...flows.recovery, enabled: true, use: 'link' as const }
      const { confirm_url: _c, ...config } = methods.link.config
      const link = { ...methods.link, enabled: true, config }
      return {
        ...identity,
        selfservice: { ...identity.selfservice, flows: { ...flows, recovery }, methods: { ...methods, link } },
      }
    })
    const { email } = await signedUp(recovering, 'browser')
    const person = new Person(recovering)
    const flow = await person.begin('recovery')
    await person.submit('recovery', flow, { method: 'link', email })
    const token = await linkTokenFor(recovering.ctx, email)
    const answer = await person.call('GET', `/self-service/recovery?flow=${flow.id}&token=${token}`, {
      headers: { accept: 'text/html' },
    })
    expect(registrationIn(answer).path).toBe(path)
  })

  it('happens once, also of several attempts at the same time', async () => {
    const { person, challenge } = await asked()
    const proofs = await Promise.all(
      [1, 2, 3, 4].map(async () => proofWith(await softwareKey(), challenge, { registers: true })),
    )
    const answers = await Promise.all(proofs.map((proof) => register(person, proof)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    expect(outcome(await register(person, await proofFor(challenge)))).toEqual([
      409,
      'The session is bound to a device already.',
    ])
  })

  it('needs the cookie of the session itself', async () => {
    const [one, other] = [await asked(), await asked()]
    const proof = await proofFor(one.challenge)
    for (const person of [new Person(project), other.person]) expect((await register(person, proof)).status).toBe(401)
    expect((await register(one.person, proof)).status).toBe(200)
  })

  it('needs no cookie after a sign-in that comes from another site, where browsers send none', async () => {
    const { person, challenge } = await asked({ 'sec-fetch-site': 'cross-site' })
    const other = await asked()
    expect((await register(other.person, await proofFor(challenge))).status).toBe(401)
    expect((await register(new Person(project), await proofFor(challenge))).status).toBe(200)
    expect((await register(person, await proofFor(challenge))).status).toBe(409)
  })

  it('is refused with a challenge that is old, changed, for something else, or of another project', async () => {
    const { person, challenge } = await asked()
    const elsewhere = await app.boundProject()
    const { headers } = await new Person(elsewhere).signUp(freshEmail())
    const foreign = registrationIn({ headers, status: 200, body: {} }).challenge
    const [purpose, id, time, mac] = challenge.split('.')
    const wrong = [
      ...[foreign, 'x', '', `${challenge}x`, `${challenge}.x`, `refresh.${id}.${time}.${mac}`],
      ...[`register-without-cookie.${id}.${time}.${mac}`, `${purpose}.${id}.${time}1.${mac}`],
    ]
    for (const one of wrong)
      expect([one, ...outcome(await register(person, await proofFor(one)))]).toEqual([
        ...[one, 401, 'The challenge is not of a sign-in, or has expired.'],
      ])
    app.clock.advance(5 * minuteMs)
    expect((await register(person, await proofFor(challenge))).status).toBe(401)
  })

  it('is refused after a sign-out', async () => {
    const { person, challenge } = await asked()
    const cookies = new Map(person.cookies)
    const { logout_token: token } = (await person.call('GET', '/self-service/logout/browser')).body
    await person.call('GET', `/self-service/logout?token=${token}`)
    for (const [name, value] of cookies) person.cookies.set(name, value)
    expect((await register(person, await proofFor(challenge))).status).toBe(401)
  })

  it('is refused with a proof that is not signed with the key in it', async () => {
    const { person, challenge } = await asked()
    const jwk = (await softwareKey()).publicKey
    const unsigned = new UnsecuredJWT({ jti: challenge }).encode()
    const proofs = [
      await proofFor(challenge, { header: { jwk } }),
      `${(await proofFor(challenge)).slice(0, -8)}AAAAAAAA`,
      await proofFor(challenge, { header: { typ: 'JWT' } }),
      await proofFor(challenge, { header: { jwk: undefined } }),
      await proofFor(challenge, { header: { jwk: 'key' } }),
      await proofFor(challenge, { header: { jwk: { ...key.publicKey, x: 'A'.repeat(43) } } }),
      await proofFor(challenge, { claims: { exp: Math.floor(app.now() / 1000) - 1 } }),
      unsigned,
      'a.b.c',
      'nothing',
    ]
    for (const proof of proofs) expect([proof, (await register(person, proof)).status]).toEqual([proof, 401])
    expect((await register(person, await proofFor(challenge))).status).toBe(200)
  })

  it.each(['ES384', 'PS256', 'EdDSA', 'HS256'])('is refused with a key for %s', async (alg) => {
    const { person, challenge } = await asked()
    const secret = Buffer.alloc(32, 1)
    const pair = alg === 'HS256' ? undefined : await generateKeyPair(alg, { extractable: true })
    const jwk = pair ? await exportJWK(pair.publicKey) : { kty: 'oct', k: secret.toString('base64url') }
    const jwt = new SignJWT({ jti: challenge }).setProtectedHeader({ alg, jwk, typ: 'dbsc+jwt' })
    const answer = await register(person, await jwt.sign(pair?.privateKey ?? secret))
    expect(outcome(answer)).toEqual([401, expect.stringContaining('ES256 and RS256')])
  })

  it('is refused with an RSA key that is short, or slow to verify', async () => {
    const { person, challenge } = await asked()
    const rsa = await softwareKey('RS256')
    const { n = '' } = rsa.publicKey
    for (const change of [{ n: n.slice(0, 171) }, { n: n.repeat(3) }, { e: 'AQABAQAB' }]) {
      const jwk = { ...rsa.publicKey, ...change }
      const proof = await proofWith(rsa, challenge, { registers: true, header: { jwk } })
      expect((await register(person, proof)).status).toBe(401)
    }
  })

  it('is refused with a proof for another audience', async () => {
    const { person, challenge } = await asked()
    for (const aud of ['https://other.example', [`https://other.example${path}`], `${origin}.other.example`])
      expect(outcome(await register(person, await proofFor(challenge, { claims: { aud } })))).toEqual([
        ...[401, 'The proof was made for another audience.'],
      ])
    expect((await register(person, await proofFor(challenge, { claims: { aud: origin + path } }))).status).toBe(200)
  })

  it('keeps only the public part of a key', async () => {
    const { person, challenge } = await asked()
    const jwk = { ...key.publicKey, d: 'c2VjcmV0', kid: 'device', use: 'sig' }
    const { status, body } = await register(person, await proofFor(challenge, { header: { jwk } }))
    expect(status).toBe(200)
    const row = await project.ctx.db
      .selectFrom('sessions')
      .select(['device_key', 'bound_at'])
      .where('id', '=', body.session_identifier)
      .executeTakeFirstOrThrow()
    const { kty, crv, x, y } = key.publicKey
    expect(JSON.parse(row.device_key ?? '')).toEqual({ alg: 'ES256', kty, crv, x, y })
    expect(row.bound_at).toBe(app.now())
  })

  it('is refused without a proof, or with one that is no token', async () => {
    const { person } = await asked()
    expect((await person.call('POST', path)).status).toBe(400)
    for (const proof of ['a b', '"', 'ä', 'x'.repeat(9000)]) expect((await register(person, proof)).status).toBe(400)
    expect(pathOf(`${origin}${path}`)).toBe(path)
  })
})
