import Type from 'typebox'
import { clientAlgorithms } from '../../jwk/index.ts'
import { choice, closedObject, flag, positiveDuration } from '../../kernel/config/schema-builders.ts'

/** What the authorization endpoint can beyond Hydra: keys of our own, all off where nothing is said. */
export const requestExtensions = {
  /** `iss` in authorization responses (RFC 9207). */
  issuer_in_responses: closedObject({ enabled: flag(false) }),
  /** Pushed authorization requests (RFC 9126); `required` is for all clients. */
  pushed_requests: closedObject(
    { enabled: flag(false), required: flag(false), lifespan: positiveDuration('1m') },
    needsEnabled('required'),
  ),
  /** Signed request objects (RFC 9101); `required` is for all clients. */
  request_objects: closedObject(
    {
      enabled: flag(false),
      required: flag(false),
      algorithms: Type.Array(choice(clientAlgorithms), { default: [...clientAlgorithms], minItems: 1 }),
    },
    needsEnabled('required'),
  ),
  /** Signed authorization responses (JARM). */
  signed_responses: closedObject({ enabled: flag(false) }),
  /** The parameter `resource` (RFC 8707). */
  resource_indicators: closedObject({ enabled: flag(false) }),
}

/** Schema keywords: a flag beside `enabled` is refused while that is off, because it would have no effect. */
function needsEnabled(flag: string) {
  return {
    if: { properties: { [flag]: { const: true } }, required: [flag] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { enabled: { const: true, expected: `true, which ${flag} needs` } } },
  }
}

/** What a project has on without being told: clients that do not know it are not concerned. */
export const onInProjects = {
  issuer_in_responses: { enabled: true },
  pushed_requests: { enabled: true },
  request_objects: { enabled: true },
  signed_responses: { enabled: true },
  resource_indicators: { enabled: true },
  token_exchange: { enabled: true },
}
