import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import { changeTuples } from '../tuples/change.ts'
import { SharedEvents } from './shared-events.ts'
import { afterRevision } from './token.ts'

describe.each(dsns)('shared events on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())

  it('reads a page once for all watchers at the same place, and nothing before it exists', async () => {
    const { ctx } = withModel(await app.project())
    const write = (object: string) =>
      changeTuples(ctx, [{ action: 'insert', tuple: tupleOf(`Document:${object}#viewers@ada`) }])
    const events = new SharedEvents()
    const [first, second] = [afterRevision(0), afterRevision(1)]
    expect(await events.read(ctx, first, undefined)).toMatchObject({ text: undefined, more: false })
    await write('a')
    const event = events.read(ctx, first, undefined)
    expect(events.read(ctx, first, undefined)).toBe(event)
    expect((await event).text).toContain('"object":"a"')
    await write('b')
    expect(events.read(ctx, first, undefined)).toBe(event)
    expect((await events.read(ctx, second, undefined)).text).toContain('"object":"b"')
    expect((await events.read(ctx, first, 'Group')).text).toBeUndefined()
    events.clear()
    expect(events.read(ctx, first, undefined)).not.toBe(event)
  })

  it('keeps no failure', async () => {
    const { ctx } = withModel(await app.project())
    const events = new SharedEvents()
    await expect(events.read(ctx, afterRevision(7), undefined)).rejects.toMatchObject({ httpStatus: 410 })
    const again = events.read(ctx, afterRevision(0), undefined)
    expect(await again).toMatchObject({ text: undefined })
  })
})
