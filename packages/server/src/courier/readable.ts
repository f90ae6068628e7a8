import type { Context } from '../kernel/context.ts'

/**
 * Whether subjects and bodies may be read after they were queued: in development mode, and where mail is kept for the
 * mailbox page. Elsewhere they hold other people's codes, and the API does not show them, as with Kratos.
 */
export function isReadable({ config }: Pick<Context, 'config'>): boolean {
  return config.identity.dev || config.identity.courier.delivery_strategy === 'mailbox'
}
