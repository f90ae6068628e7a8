import Type, { type Static } from 'typebox'
import { choice, closedObject, flag, integer, uri } from '../../../kernel/config/schema-builders.ts'
import { ignoredKey, refusedKey } from '../../../kernel/config/support.ts'
import { protectedFlows } from '../../captcha/provider.ts'

const keyPair = {
  sitekey: Type.String({ minLength: 1 }),
  secret: Type.String({ minLength: 1 }),
}

const providers = ['cf_turnstile', 'hcaptcha', 'recaptcha'] as const

const settings = closedObject({
  byo: ignoredKey(
    Type.Unsafe<true>({ const: true, default: true, expected: 'true, since there is no managed widget' }),
    'the keys are always your own',
  ),
  allowed_domains: Type.Array(Type.String({ minLength: 1 }), { default: [] }),
  legacy_inject_node: refusedKey(flag(false), 'the nodes of the older widget are not published'),
  cf_turnstile: Type.Optional(closedObject(keyPair)),
  hcaptcha: Type.Optional(closedObject(keyPair)),
  recaptcha: Type.Optional(
    closedObject({
      ...keyPair,
      version: choice(['v2', 'v3'], 'v2'),
      min_score: Type.Number({ default: 0.5, minimum: 0, maximum: 1 }),
    }),
  ),
  demand: choice(['always', 'when_guessed'], 'always'),
  flows: Type.Array(choice(protectedFlows), { default: protectedFlows }),
  after_percent: integer(50, { minimum: 1, maximum: 100 }),
  if_unavailable: choice(['refuse', 'admit'], 'refuse'),
  verify_url: Type.Optional(uri({ pattern: '^https?://', expected: 'an http(s) URL with a possible host and port' })),
})

const whenEnabled = {
  if: { properties: { enabled: { const: true } }, required: ['enabled'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    required: ['config'],
    properties: {
      config: {
        oneOf: providers.map((name) => ({ required: [name] })),
        expected: 'the keys of exactly one provider: cf_turnstile, hcaptcha or recaptcha',
      },
    },
  },
}

export const config = Type.Optional(
  closedObject({ enabled: flag(false), config: Type.Optional(settings) }, whenEnabled),
)

declare module '../../method-configs.ts' {
  interface MethodConfigs {
    captcha?: Static<typeof config>
  }
}
