import Type from 'typebox'
import { choice, closedObject, headerValue, uri } from '../../kernel/config/schema-builders.ts'

/** A web hook that may change the claims of a token, or refuse it. */
export interface TokenHook {
  readonly url: string
  readonly auth?: {
    readonly type: 'api_key'
    readonly config: { readonly in?: 'header' | 'cookie'; readonly name?: string; readonly value?: string }
  }
}

const long = closedObject({
  url: uri(),
  auth: Type.Optional(
    closedObject({
      type: Type.Literal('api_key'),
      config: closedObject({
        in: Type.Optional(choice(['header', 'cookie'])),
        name: Type.String(),
        value: headerValue(),
      }),
    }),
  ),
})

/** One schema for the two forms, its URL alone or with credentials: each keyword looks only at values of its own type. */
export const tokenHook = () => Type.Unsafe<string | TokenHook>({ ...long, type: ['string', 'object'], format: 'uri' })

export function resolveTokenHook(hook: string | TokenHook | undefined): TokenHook | undefined {
  return typeof hook === 'string' ? (hook === '' ? undefined : { url: hook }) : hook
}
