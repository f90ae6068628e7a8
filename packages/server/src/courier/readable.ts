import type { Context } from '../kernel/context.ts'

/**
 * Whether subjects and bodies may be read after they were queued: in development mode, and where email is stored for
 * the mailbox page. Otherwise they contain other people's codes, and the API hides them, as Kratos does.
 */
export function isReadable({ config }: Pick<Context, 'config'>): boolean {
  return config.identity.dev || config.identity.courier.delivery_strategy === 'mailbox'
}
