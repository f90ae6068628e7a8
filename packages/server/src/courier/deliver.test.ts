import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openCourierTest, openMailServer, queueCode, smtpTo } from '../../test/courier.ts'
import type { Context } from '../kernel/context.ts'
import type { Outgoing } from './channel.ts'
import { DeliveryError } from './channel.ts'
import { type Channels, createChannels } from './channels.ts'
import { claimMs, deliverDue, startCourier } from './deliver.ts'
import { claimMessages, findMessage, listDispatches, removeSettledMessages, settleMessage } from './store.ts'

/** A way out that keeps what it is given, or fails as told. */
function recorder(fail?: (message: Outgoing) => Error | undefined): Channels & { sent: Outgoing[] } {
  const sent: Outgoing[] = []
  return {
    sent,
    async deliver(_ctx, message) {
      const error = fail?.(message)
      if (error) throw error
      sent.push(message)
    },
    close: () => {},
  }
}

describe.each(dsns)('on %s', (_, dsn) => {
  let courier: Awaited<ReturnType<typeof openCourierTest>>
  beforeAll(async () => {
    courier = await openCourierTest(dsn)
  })
  afterAll(() => courier.close())

  const row = async (ctx: Context, id: string) => (await findMessage(ctx, id)) ?? expect.fail('no such message')

  test('a message is sent once, however many look for it at the same time', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http' })
    const ids = []
    for (let i = 0; i < 40; i++) ids.push(await queueCode(ctx, `reader-${i}@harbour.example`))
    const nodes = Array.from({ length: 8 }, () => recorder())
    await Promise.all(
      nodes.map(async (channels) => {
        while (await deliverDue(courier, channels)) {}
      }),
    )
    const sent = nodes.flatMap((node) => node.sent.map(({ id }) => id))
    expect(sent.sort()).toEqual(ids.sort())
    for (const id of ids) expect(await row(ctx, id)).toMatchObject({ status: 'sent', send_count: 1, claimed_by: null })
  })

  test('what was sent is emptied, and an attempt is written down', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http' })
    const id = await queueCode(ctx, 'emptied@harbour.example')
    expect((await row(ctx, id)).body).not.toContain('402118')
    const channels = recorder()
    await deliverDue(courier, channels)
    expect(channels.sent[0]?.text).toContain('402118')
    expect(await row(ctx, id)).toMatchObject({ body: '', html: null, template_data: null })
    expect(await listDispatches(ctx, id)).toMatchObject([{ message_id: id, status: 'success', error: null }])
  })

  test('with the mailbox it stays readable', async () => {
    const ctx = await courier.project({ delivery_strategy: 'mailbox' })
    const id = await queueCode(ctx, 'kept@harbour.example')
    await deliverDue(courier, createChannels())
    const kept = await row(ctx, id)
    expect(kept.status).toBe('sent')
    expect(kept.body).not.toBe('')
  })

  test('a failure is tried again, each time later, and in the end abandoned', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http', message_retries: 2 })
    const id = await queueCode(ctx, 'unlucky@harbour.example')
    const broken = recorder(() => new DeliveryError('the mail server is away'))
    for (const waitMs of [2000, 8000]) {
      await deliverDue(courier, broken)
      expect(await row(ctx, id)).toMatchObject({ status: 'queued', next_attempt_at: courier.clock.now() + waitMs })
      courier.clock.advance(waitMs - 1)
      await deliverDue(
        courier,
        recorder(() => expect.fail('too early')),
      )
      courier.clock.advance(1)
    }
    await deliverDue(courier, broken)
    expect(await row(ctx, id)).toMatchObject({ status: 'abandoned', send_count: 3, body: '' })
    const dispatches = await listDispatches(ctx, id)
    expect(dispatches.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed'])
    expect(JSON.parse(dispatches[0]?.error ?? '')).toEqual({ message: 'the mail server is away' })
    courier.clock.advance(3_600_000)
    await deliverDue(
      courier,
      recorder(({ id: sent }) => (sent === id ? expect.fail('abandoned') : undefined)),
    )
  })

  test('a final failure is not tried again', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http' })
    const id = await queueCode(ctx, 'nobody@harbour.example')
    await deliverDue(
      courier,
      recorder(() => new DeliveryError('no such mailbox', { permanent: true })),
    )
    expect(await row(ctx, id)).toMatchObject({ status: 'abandoned', send_count: 1 })
  })

  test('one failure does not hold up the others', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http' })
    const bad = await queueCode(ctx, 'bad@harbour.example')
    const good = await queueCode(ctx, 'good@harbour.example')
    await deliverDue(
      courier,
      recorder(({ id }) => (id === bad ? new Error('broken') : undefined)),
    )
    expect(await row(ctx, bad)).toMatchObject({ status: 'queued' })
    expect(await row(ctx, good)).toMatchObject({ status: 'sent' })
  })

  test('a claim whose holder died lapses, and the late holder cannot settle it any more', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http', message_retries: 1 })
    const id = await queueCode(ctx, 'claimed@harbour.example')
    const until = courier.clock.now() + 60_000
    expect(await claimMessages(ctx, { holder: 'dead', limit: 10, until })).toHaveLength(1)
    const next = recorder()
    await deliverDue(courier, next)
    expect(next.sent.map((one) => one.id)).not.toContain(id)
    courier.clock.advance(60_000)
    await deliverDue(courier, next)
    expect(next.sent.map((one) => one.id)).toContain(id)
    expect(await row(ctx, id)).toMatchObject({ status: 'sent', send_count: 2 })
    const dispatch = {
      id: 'late',
      message_id: id,
      status: 'failed' as const,
      error: null,
      created_at: 0,
      updated_at: 0,
    }
    expect(await settleMessage(ctx, { id, holder: 'dead', dispatch }, { status: 'queued' })).toBe(false)
    expect(await row(ctx, id)).toMatchObject({ status: 'sent' })
    expect(await listDispatches(ctx, id)).toHaveLength(1)
  })

  test('a claim is renewed while its message is delivered, and lapses within seconds of its node', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http' })
    const id = await queueCode(ctx, 'slow@harbour.example')
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    let isStarted = false
    const slow = {
      async deliver() {
        isStarted = true
        await finished
      },
      close: () => {},
    }
    const delivering = deliverDue(courier, slow)
    await expect.poll(() => isStarted).toBe(true)
    for (let round = 0; round < 2; round++) {
      const claimedUntil = (await row(ctx, id)).next_attempt_at
      expect(claimedUntil - courier.clock.now()).toBeLessThanOrEqual(10_000)
      courier.clock.advance(claimMs / 2)
      await expect
        .poll(async () => (await row(ctx, id)).next_attempt_at, { timeout: 10_000 })
        .toBeGreaterThan(claimedUntil)
    }
    const other = recorder()
    await deliverDue(courier, other)
    expect(other.sent).toEqual([])
    finish()
    await delivering
    expect(await row(ctx, id)).toMatchObject({ status: 'sent', send_count: 1 })
  })

  test('a message that ends its node at every attempt is abandoned', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http', message_retries: 1 })
    const id = await queueCode(ctx, 'poison@harbour.example')
    for (let i = 0; i < 2; i++) {
      await claimMessages(ctx, { holder: 'dead', limit: 10, until: courier.clock.now() + 60_000 })
      courier.clock.advance(60_000)
    }
    const channels = recorder()
    await deliverDue(courier, channels)
    expect(channels.sent.map((one) => one.id)).not.toContain(id)
    expect(await row(ctx, id)).toMatchObject({ status: 'abandoned' })
  })

  test('one project does not claim, find or remove the messages of another', async () => {
    const mine = await courier.project({ delivery_strategy: 'http' })
    const other = await courier.project({ delivery_strategy: 'http' })
    const id = await queueCode(mine, 'mine@harbour.example')
    const until = courier.clock.now() + 60_000
    expect(await claimMessages(other, { holder: 'other', limit: 10, until })).toEqual([])
    expect(await findMessage(other, id)).toBeUndefined()
    await deliverDue(courier, recorder())
    expect(await listDispatches(other, id)).toEqual([])
    expect(await removeSettledMessages(other, courier.clock.now() + 1, 10)).toBe(0)
    expect(await removeSettledMessages(mine, courier.clock.now() + 1, 10)).toBe(1)
    expect(await listDispatches(mine, id)).toEqual([])
  })

  test('a message leaves as soon as its transaction is committed, and never if it is rolled back', async () => {
    const server = await openMailServer()
    const ctx = await courier.project(smtpTo(server.uri))
    const running = startCourier(courier)
    const undone = ctx.transaction(async (tx) => {
      await queueCode(tx, 'undone@harbour.example')
      throw new Error('rolled back')
    })
    await expect(undone).rejects.toThrow('rolled back')
    await ctx.transaction((tx) => queueCode(tx, 'done@harbour.example'))
    await server.count(1)
    await queueCode(ctx, 'later@harbour.example')
    await server.count(2)
    await running.stop()
    await server.close()
    expect(server.received.map(({ envelope }) => envelope.to)).toEqual([
      ['done@harbour.example'],
      ['later@harbour.example'],
    ])
  })

  test('neither codes nor recipients are logged', async () => {
    const ctx = await courier.project({ delivery_strategy: 'http' })
    await queueCode(ctx, 'secretive@harbour.example', '918273')
    await deliverDue(
      courier,
      recorder(() => new Error('broken')),
    )
    const log = courier.lines.join('\n')
    expect(log).toContain('message not delivered')
    expect(log).not.toMatch(/918273|402118|secretive/)
  })
})
