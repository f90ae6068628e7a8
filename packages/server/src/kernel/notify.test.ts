import { describe, expect, it } from 'vitest'
import { createNotifier, messageText, type Transport } from './notify.ts'

declare module './notify.ts' {
  interface Topics {
    tide: { height: number }
    wind: { speed: number }
  }
}

/** Transports on one wire: what one sends all others receive. */
function wire() {
  const ends: Parameters<Transport['receive']>[0][] = []
  const transport = (): Transport => {
    let own: (typeof ends)[number] | undefined
    return {
      reachesAll: true,
      send: (text) => {
        for (const end of ends) if (end !== own) end.message(text)
      },
      async receive(handlers) {
        own = handlers
        ends.push(handlers)
      },
      close: async () => {},
    }
  }
  return { transport, ends }
}

describe('a notifier', () => {
  it('tells those in its process at once, by topic, until they leave', async () => {
    const notifier = await createNotifier()
    const heard: unknown[] = []
    const leave = notifier.subscribe('tide', (message) => heard.push(message))
    notifier.publish('tide', { height: 1 })
    notifier.publish('wind', { speed: 9 })
    leave()
    notifier.publish('tide', { height: 2 })
    expect(heard).toEqual([{ height: 1 }])
    expect(notifier.reachesAll).toBe(false)
  })

  it('tells other processes, and hears its own messages once', async () => {
    const { transport } = wire()
    const [one, two] = [await createNotifier([transport()]), await createNotifier([transport()])]
    const heard: string[] = []
    one.subscribe('tide', (message) => heard.push(`one ${message?.height}`))
    two.subscribe('tide', (message) => heard.push(`two ${message?.height}`))
    one.publish('tide', { height: 3 })
    expect(heard).toEqual(['one 3', 'two 3'])
    expect(one.reachesAll).toBe(true)
  })

  it('tells everybody to look for themselves when messages may have been lost', async () => {
    const { transport, ends } = wire()
    const heard: unknown[] = []
    const notifier = await createNotifier([transport()])
    notifier.subscribe('tide', (message) => heard.push(message))
    ends[0]?.lost()
    expect(heard).toEqual([undefined])
  })

  it.each(['', 'nonsense', '[]', '[1,2]', '{"tide":1}', messageText('wind', { speed: 1 })])(
    'is not disturbed by %j',
    async (text) => {
      const { transport, ends } = wire()
      const heard: unknown[] = []
      const notifier = await createNotifier([transport()])
      notifier.subscribe('tide', (message) => heard.push(message))
      ends[0]?.message(text)
      expect(heard).toEqual([])
    },
  )
})
