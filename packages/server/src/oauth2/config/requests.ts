import { closedObject, flag } from '../../kernel/config/schema-builders.ts'

/** What the authorization endpoint can beyond Hydra: keys of our own, all off where nothing is said. */
export const requestExtensions = {
  /** `iss` in authorization responses (RFC 9207). */
  issuer_in_responses: closedObject({ enabled: flag(false) }),
}

/** What a project has on without being told: clients that do not know it are not concerned. */
export const onInProjects = {
  issuer_in_responses: { enabled: true },
}
