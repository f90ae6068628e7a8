import { join } from 'node:path'
import { goldenDir, type Latchkey, startLatchkey } from '../stage/latchkey.ts'
import { type Mailbox, openMailbox } from '../stage/mailbox.ts'

/** A server for the official clients, and the mailbox that it sends email to. */
export interface Target extends Latchkey {
  mailbox: Mailbox
  /** The next code emailed to a recipient that is not in `known`. */
  code(recipient: string, known?: string[]): Promise<string>
}

/** Starts a server with the configuration `identity-core`. A running server sends email to its configured port, 2525. */
export async function startTarget(): Promise<Target> {
  const mailbox = await openMailbox(process.env.LATCHKEY_TEST_TARGET ? 2525 : undefined)
  const server = await startLatchkey({
    kratos: join(goldenDir, 'config', 'identity-core.yml'),
    env: { COURIER_SMTP_CONNECTION_URI: mailbox.uri },
  })
  const code = (recipient: string, known: string[] = []) =>
    eventually(async () => {
      const mine = mailbox.mails.filter(({ to }) => to === recipient).map(({ text }) => text.match(/\b\d{6}\b/)?.[0])
      return mine.findLast((one) => one !== undefined && !known.includes(one))
    })
  const stop = async () => {
    await server.stop()
    await mailbox.close()
  }
  return { ...server, mailbox, code, stop }
}

let people = 0
/** A unique email address. */
export function newAddress(): string {
  people += 1
  return `sdk-${process.pid}-${Date.now()}-${people}@example.org`
}

/** Polls until there is a result, for effects of background jobs. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('did not happen within 20 s')
}
