import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns } from '../../../../test/app.ts'
import { codeFor, freshEmail, openFlows, Person } from '../../../../test/people.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Flow, FlowName } from '../../flow/flow.ts'
import { findFlow } from '../../flow/store.ts'
import { redeemCode } from './store.ts'

const minute = 60_000
const attempts = 50

describe.each(dsns)('one-time codes on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: Awaited<ReturnType<typeof app.project>>
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project((identity) => ({
      ...identity,
      selfservice: {
        ...identity.selfservice,
        methods: {
          ...identity.selfservice.methods,
          code: {
            ...identity.selfservice.methods.code,
            config: { ...identity.selfservice.methods.code.config, lifespan: 15 * minute },
          },
        },
      },
    }))
  })
  afterAll(() => app.close())

  type Name = 'login' | 'recovery' | 'verification'
  const fields = (name: Name, email: string) => (name === 'login' ? { identifier: email } : { email })

  /** Creates a flow to which a code was just sent. */
  async function sent(name: Name, email: string, at = project) {
    const app = new Person(at, 'api')
    const flow = await app.begin(name)
    const answer = await app.submit(name, flow, { method: 'code', ...fields(name, email) })
    expect(answer.body.state).toBe('sent_email')
    return { app, flow, code: await codeFor(at.ctx, email) }
  }
  const enter = (name: Name, { app, flow }: { app: Person; flow: { id: string } }, email: string, code: string) =>
    app.submit(name, flow, { method: 'code', code, ...(name === 'login' && { identifier: email }) })
  // biome-ignore lint/suspicious/noExplicitAny: any response body
  const passed = ({ body }: { body: any }) => Boolean(body.session_token) || body.state === 'passed_challenge'

  async function person(at = project): Promise<string> {
    const email = freshEmail()
    expect((await new Person(at, 'api').signUp(email)).status).toBe(200)
    return email
  }

  describe.each(['login', 'recovery', 'verification'] as const)('of the %s flow', (name) => {
    test('of 50 simultaneous redemptions exactly one wins', async () => {
      const many = await app.project((identity) => withLimit(identity, attempts))
      const email = await person(many)
      const { flow, code } = await sent(name, email, many)
      const stored = await storedFlow(many.ctx, name, flow.id)
      const answers = await Promise.all(
        Array.from({ length: attempts }, () => redeemCode(many.ctx, stored, name, code)),
      )
      expect(answers.filter((answer) => 'found' in answer)).toHaveLength(1)
      expect(answers.filter((answer) => 'refused' in answer && answer.refused === 'used')).toHaveLength(attempts - 1)
    })

    test('sent 50 times at once by HTTP, one submission passes', async () => {
      const many = await app.project((identity) => withLimit(identity, attempts))
      const email = await person(many)
      const one = await sent(name, email, many)
      const answers = await Promise.all(Array.from({ length: attempts }, () => enter(name, one, email, one.code)))
      const winners = answers.filter(passed)
      expect(
        winners.filter(({ body }) => name === 'verification' || body.session_token || body.continue_with),
      ).toHaveLength(1)
      expect(answers.every(({ status }) => status < 500)).toBe(true)
    })

    test('a code used twice is refused', async () => {
      const email = await person()
      const one = await sent(name, email)
      expect(passed(await enter(name, one, email, one.code))).toBe(true)
      one.app.token = undefined
      const again = await enter(name, one, email, one.code)
      expect([again.body.session_token, again.body.continue_with]).toEqual([undefined, undefined])
      const stored = await storedFlow(project.ctx, name, one.flow.id)
      expect(await redeemCode(project.ctx, stored, name, one.code)).toEqual({ refused: 'used' })
    })

    test('an earlier code is invalid after another was requested', async () => {
      const email = await person()
      const one = await sent(name, email)
      await one.app.submit(name, one.flow, { method: 'code', ...fields(name, email), resend: 'code' })
      const second = await codeFor(project.ctx, email)
      if (second !== one.code) expect(passed(await enter(name, one, email, one.code))).toBe(false)
      expect(passed(await enter(name, one, email, second))).toBe(true)
    })

    test('a code of another flow is refused', async () => {
      const email = await person()
      const [one, other] = [await sent(name, email), await sent(name, email)]
      if (one.code === other.code) return
      expect(passed(await enter(name, other, email, one.code))).toBe(false)
    })

    test('a code of another purpose is refused', async () => {
      const email = await person()
      const one = await sent(name, email)
      const stored = await storedFlow(project.ctx, name, one.flow.id)
      expect(await redeemCode(project.ctx, stored, 'registration', one.code)).toEqual({ refused: 'wrong' })
      expect(await redeemCode(project.ctx, stored, name, one.code)).toHaveProperty('found')
    })

    test('a code of another project is refused', async () => {
      const other = await app.project()
      const email = await person()
      const one = await sent(name, email)
      const there = new Person(other, 'api')
      const answer = await enter(name, { app: there, flow: one.flow }, email, one.code)
      expect(answer.status).toBe(404)
      const stored = await storedFlow(project.ctx, name, one.flow.id)
      expect(await redeemCode(other.ctx, stored, name, one.code)).toEqual({ refused: 'too many' })
      expect(passed(await enter(name, one, email, one.code))).toBe(true)
    })

    test('after five wrong codes the right one is refused', async () => {
      const email = await person()
      const one = await sent(name, email)
      const wrong = one.code === '000000' ? '000001' : '000000'
      for (let i = 0; i < 5; i++) expect(passed(await enter(name, one, email, wrong))).toBe(false)
      expect(passed(await enter(name, one, email, one.code))).toBe(false)
    })

    test('asking for another code does not allow more guesses', async () => {
      const email = await person()
      const one = await sent(name, email)
      const wrong = one.code === '000000' ? '000001' : '000000'
      for (let i = 0; i < 5; i++) await enter(name, one, email, wrong)
      await one.app.submit(name, one.flow, { method: 'code', ...fields(name, email), resend: 'code' })
      expect(passed(await enter(name, one, email, await codeFor(project.ctx, email)))).toBe(false)
    })

    test('of 50 simultaneous guesses five are looked at', async () => {
      const email = await person()
      const one = await sent(name, email)
      const stored = await storedFlow(project.ctx, name, one.flow.id)
      const guess = one.code === '000000' ? '000001' : '000000'
      const answers = await Promise.all(Array.from({ length: 50 }, () => redeemCode(project.ctx, stored, name, guess)))
      expect(answers.filter((answer) => 'refused' in answer && answer.refused === 'wrong')).toHaveLength(5)
    })

    test('a code that ran out is refused', async () => {
      const email = await person()
      const one = await sent(name, email)
      app.clock.advance(15 * minute)
      expect(passed(await enter(name, one, email, one.code))).toBe(false)
    })

    test('only a keyed hash of a code is stored', async () => {
      const email = await person()
      const { flow, code } = await sent(name, email)
      const rows = await project.ctx.db.selectFrom('codes').selectAll().where('flow_id', '=', flow.id).execute()
      expect(rows).toHaveLength(1)
      expect(rows[0]?.hash).toMatch(/^[\w-]{43}$/)
      const { hash, via, address, purpose } = rows[0] ?? {}
      expect([hash, via, address, purpose].join()).not.toContain(code)
      const messages = await project.ctx.db
        .selectFrom('courier_messages')
        .selectAll()
        .where('recipient', '=', email)
        .execute()
      const texts = messages.map(({ body, html, template_data }) => [body, html, template_data])
      expect(JSON.stringify(texts)).not.toContain(code)
    })
  })

  test('a code that was pasted with spaces is understood', async () => {
    const email = await person()
    const one = await sent('login', email)
    const spaced = `${one.code.slice(0, 3)} ${one.code.slice(3)} `
    expect(passed(await enter('login', one, email, spaced))).toBe(true)
  })

  test('a recovery for a stranger answers as one for a member and stores no code', async () => {
    const stranger = freshEmail('stranger')
    const [known, unknown] = [await person(), stranger]
    const answers = []
    for (const email of [known, unknown]) {
      const app = new Person(project, 'api')
      const flow = await app.begin('recovery')
      const { status, body } = await app.submit('recovery', flow, { method: 'code', email })
      answers.push({ status, text: JSON.stringify(body).replaceAll(flow.id, 'ID').replaceAll(email, 'EMAIL') })
      const codes = await project.ctx.db.selectFrom('codes').select('id').where('flow_id', '=', flow.id).execute()
      expect(codes).toHaveLength(email === known ? 1 : 0)
    }
    expect(answers[1]).toEqual(answers[0])
  })

  test('a code for one account does not sign in another', async () => {
    const [mine, theirs] = [await person(), await person()]
    const one = await sent('login', mine)
    const answer = await enter('login', one, theirs, one.code)
    expect(answer.body.session?.identity.traits.email ?? mine).toBe(mine)
  })
})

type Identity = Parameters<NonNullable<Parameters<Awaited<ReturnType<typeof openFlows>>['project']>[0]>>[0]

function withLimit(identity: Identity, limit: number): Identity {
  const { selfservice } = identity
  const { code } = selfservice.methods
  const changed = { ...code, config: { ...code.config, max_submissions: limit } }
  return { ...identity, selfservice: { ...selfservice, methods: { ...selfservice.methods, code: changed } } }
}

async function storedFlow(ctx: Context, name: FlowName, id: string): Promise<Flow> {
  const flow = await findFlow(ctx, name, id)
  if (!flow) throw new Error('the flow is gone')
  return flow
}
