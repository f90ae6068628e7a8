import { TOTP, URI } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { messageIds, openFlows, Person, signedUp } from '../../../test/people.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
const nodeOf = (flow: any, name: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  flow.ui.nodes.find(({ attributes }: any) => (attributes.name ?? attributes.id) === name)

describe.each(dsns)('second factors on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const codeOf = (secret: string, offsetMs = 0) =>
    new TOTP({ secret }).generate({ timestamp: app.clock.now() + offsetMs })

  /** A person with an authenticator app, whose session has both factors. */
  async function withApp() {
    const { person, email } = await signedUp(project, 'api')
    const flow = await person.begin('settings')
    const secret: string = nodeOf(flow, 'totp_secret_key').attributes.text.context.secret
    const answer = await person.submit('settings', flow, { method: 'totp', totp_code: codeOf(secret) })
    expect([answer.status, answer.body.state]).toEqual([200, 'success'])
    return { person, email, secret }
  }

  /** A person with backup codes. */
  async function withCodes() {
    const { person, email } = await signedUp(project, 'api')
    const flow = await person.begin('settings')
    const shown = await person.submit('settings', flow, { lookup_secret_regenerate: true })
    const { secrets } = nodeOf(shown.body, 'lookup_secret_codes').attributes.text.context
    const codes: string[] = secrets.map((one: { context: { secret: string } }) => one.context.secret)
    const answer = await person.submit('settings', flow, { lookup_secret_confirm: true })
    expect([answer.status, codes.length]).toEqual([200, 12])
    return { person, email, codes }
  }

  async function secondStep(email: string) {
    const person = new Person(project, 'api')
    expect((await person.signIn(email)).body.session.identity).toBeNull()
    return { person, flow: await person.begin('login', '?aal=aal2') }
  }

  describe('an authenticator app', () => {
    test('is asked for once it is set up, and its code completes the sign-in', async () => {
      const { email, secret } = await withApp()
      const { person, flow } = await secondStep(email)
      expect((await person.call('GET', '/sessions/whoami')).body.error.id).toBe('session_aal2_required')
      const answer = await person.submit('login', flow, { method: 'totp', totp_code: codeOf(secret) })
      expect([answer.status, answer.body.session.authenticator_assurance_level]).toEqual([200, 'aal2'])
      expect(await person.whoami()).toBe(email)
    })

    test('is shown as an otpauth address that names the account, and the picture is a PNG', async () => {
      const { person, email } = await signedUp(project, 'api')
      const flow = await person.begin('settings')
      expect(nodeOf(flow, 'totp_qr').attributes.src).toMatch(/^data:image\/png;base64,/)
      const { identity } = (await person.call('GET', '/sessions/whoami')).body
      await person.submit('settings', flow, {
        method: 'totp',
        totp_code: codeOf(nodeOf(flow, 'totp_secret_key').attributes.text.context.secret),
      })
      const { body } = await project.call('GET', `/admin/identities/${identity.id}?include_credential=totp`)
      const totp = URI.parse(body.credentials.totp.config.totp_url)
      expect([totp.label, totp.secret.bytes.length]).toEqual([email, 20])
    })

    test.each([
      ['a code of two steps ago', (secret: string) => codeOf(secret, -60_000)],
      ['letters', () => 'letters'],
      ['an empty code', () => ''],
      ['a list', () => ['123456']],
    ])('takes no %s', async (_what, code) => {
      const { email, secret } = await withApp()
      const { person, flow } = await secondStep(email)
      const answer = await person.submit('login', flow, { method: 'totp', totp_code: code(secret) })
      expect(answer.status).toBe(400)
      expect(messageIds(answer.body)).not.toEqual([])
      expect(JSON.stringify(answer.body)).not.toContain(secret)
    })

    test('takes codes with spaces, and of a clock that is one step off', async () => {
      const { email, secret } = await withApp()
      const { person, flow } = await secondStep(email)
      const code = codeOf(secret, -30_000)
      const spaced = `${code.slice(0, 3)} ${code.slice(3)}`
      expect((await person.submit('login', flow, { method: 'totp', totp_code: spaced })).status).toBe(200)
    })

    test('is not confirmed by the code of another secret', async () => {
      const { person } = await signedUp(project, 'api')
      const flow = await person.begin('settings')
      const other = await person.begin('settings')
      const code = codeOf(nodeOf(other, 'totp_secret_key').attributes.text.context.secret)
      const answer = await person.submit('settings', flow, { method: 'totp', totp_code: code })
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000008]])
    })

    test('keeps its secret out of the stored flow and identity', async () => {
      const { secret } = await withApp()
      const flows = await project.ctx.db.selectFrom('flows').select('data').execute()
      const internal = flows.map(({ data }) => JSON.stringify(JSON.parse(data).internal ?? {}))
      expect(internal.some((text) => text.includes('totp'))).toBe(true)
      expect(internal.some((text) => text.includes(secret))).toBe(false)
      const rows = await project.ctx.db.selectFrom('identities').select('credentials').execute()
      expect(rows.some(({ credentials }) => credentials.includes(secret))).toBe(false)
    })

    test('that is removed is not asked for any more', async () => {
      const { person, email } = await withApp()
      const flow = await person.begin('settings')
      expect((await person.submit('settings', flow, { totp_unlink: true })).status).toBe(200)
      expect((await new Person(project, 'api').signIn(email)).body.session.identity.traits.email).toBe(email)
    })

    test('cannot be removed before it was used to sign in', async () => {
      const { email } = await withApp()
      const person = new Person(project, 'api')
      await person.signIn(email)
      expect((await person.call('GET', '/self-service/settings/api')).body.error.id).toBe('session_aal2_required')
    })
  })

  describe('a backup code', () => {
    test('signs in once, also of twenty simultaneous attempts', async () => {
      const { email, codes } = await withCodes()
      const attempts = await Promise.all(Array.from({ length: 4 }, () => secondStep(email)))
      const answers = await Promise.all(
        attempts.flatMap(({ person, flow }) =>
          Array.from({ length: 5 }, () =>
            person.submit('login', flow, { method: 'lookup_secret', lookup_secret: codes[0] }),
          ),
        ),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    })

    test('that was used is told from one that is wrong', async () => {
      const { email, codes } = await withCodes()
      const first = await secondStep(email)
      await first.person.submit('login', first.flow, { method: 'lookup_secret', lookup_secret: `${codes[1]} ` })
      const { person, flow } = await secondStep(email)
      const submit = (code: string) => person.submit('login', flow, { method: 'lookup_secret', lookup_secret: code })
      expect(messageIds((await submit(codes[1] ?? '')).body)).toEqual([4000012])
      expect(messageIds((await submit('nonsense')).body)).toEqual([4000016])
    })

    test('of another account is worth nothing', async () => {
      const [ada, ben] = [await withCodes(), await withCodes()]
      const { person, flow } = await secondStep(ada.email)
      const submission = { method: 'lookup_secret', lookup_secret: ben.codes[0] }
      expect(messageIds((await person.submit('login', flow, submission)).body)).toEqual([4000016])
    })

    test('is shown again on demand only, and no more once they are switched off', async () => {
      const { person, codes } = await withCodes()
      const flow = await person.begin('settings')
      expect(JSON.stringify(flow)).not.toContain(codes[3])
      const shown = await person.submit('settings', flow, { lookup_secret_reveal: true })
      expect(JSON.stringify(shown.body)).toContain(codes[3])
      await person.submit('settings', flow, { lookup_secret_disable: true })
      const again = await person.submit('settings', flow, { method: 'lookup_secret', lookup_secret_reveal: true })
      expect([again.status, messageIds(again.body)]).toEqual([400, [4000001]])
    })

    test('is not made without a recent sign-in', async () => {
      const { person } = await signedUp(project, 'api')
      const flow = await person.begin('settings')
      app.clock.advance(3_600_000)
      const fresh = await person.begin('settings')
      const answer = await person.submit('settings', fresh, { lookup_secret_regenerate: true })
      expect([flow.id === fresh.id, answer.status, answer.body.error?.id]).toEqual([
        false,
        403,
        'session_refresh_required',
      ])
    })
  })

  test('that are guessed at are limited for the account, in every flow', async () => {
    const limited = await app.project((identity) => {
      const attempts = { ...identity.security.attempts, per_account: 3 }
      return { ...identity, security: { ...identity.security, attempts } }
    })
    const { person } = await signedUp(limited, 'api')
    const flow = await person.begin('settings')
    const secret = nodeOf(flow, 'totp_secret_key').attributes.text.context.secret
    await person.submit('settings', flow, { method: 'totp', totp_code: codeOf(secret) })
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) {
      const login = await person.begin('login', '?aal=aal2&refresh=true')
      statuses.push((await person.submit('login', login, { method: 'totp', totp_code: '000000' })).status)
    }
    expect(statuses).toEqual([400, 400, 400, 429, 429])
  })
})
