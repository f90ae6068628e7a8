import { createServer } from 'node:http'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { freePort } from './port.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
}

export interface Mailbox {
  /** The value for `courier.smtp.connection_uri`. */
  uri: string
  mails: Mail[]
  /** A URL that returns all emails as JSON, for scripts in other languages. */
  url: string
  close(): Promise<void>
}

/** An SMTP server on loopback that stores the emails it receives. */
export async function openMailbox(smtpPort?: number): Promise<Mailbox> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const { subject = '', text = '', html = '' } = await PostalMime.parse(Buffer.concat(chunks))
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, subject, text, html })
        done()
      })
    },
  })
  server.on('error', () => {})
  const port = smtpPort ?? (await freePort())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  const viewPort = await freePort()
  const view = createServer((_, response) => response.end(JSON.stringify(mails)))
  await new Promise<void>((resolve) => view.listen(viewPort, '127.0.0.1', () => resolve()))
  return {
    uri: `smtp://127.0.0.1:${port}/?disable_starttls=true`,
    mails,
    url: `http://127.0.0.1:${viewPort}/`,
    close: async () => {
      view.close()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
