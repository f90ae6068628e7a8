import { protectedFlows } from '../src/selfservice/captcha/provider.ts'
import type { TestProject } from './app.ts'
import { freshEmail, messageIds, type openFlows, Person, password } from './people.ts'

/** The secret of the site at the provider. */
export const captchaSecret = 'the secret of the site'

/** A project whose forms demand a captcha: Turnstile, always and everywhere, unless told otherwise. */
export function projectWithCaptcha(
  app: Pick<Awaited<ReturnType<typeof openFlows>>, 'project'>,
  verifyUrl: string,
  settings: object = {},
  others: { code?: object; security?: object; flows?: object; flags?: object } = {},
) {
  return app.project(({ selfservice, security, ...identity }) => {
    const { methods, flows } = selfservice
    const config = {
      ...{ byo: true as const, allowed_domains: [], legacy_inject_node: false },
      ...{ demand: 'always' as const, after_percent: 50, if_unavailable: 'refuse' as const },
      flows: [...protectedFlows],
      ...{ verify_url: verifyUrl, cf_turnstile: { sitekey: '1x00', secret: captchaSecret } },
      ...settings,
    }
    return {
      ...identity,
      selfservice: {
        ...selfservice,
        flows: { ...flows, ...others.flows },
        methods: { ...methods, code: { ...methods.code, ...others.code }, captcha: { enabled: true, config } },
      },
      security: { ...security, ...others.security },
      feature_flags: { ...identity.feature_flags, ...others.flags },
    }
  })
}

/** The members of a submission that hold a token. */
export const withToken = (token: unknown, name = 'turnstile') => ({
  transient_payload: { [`captcha_${name}_response`]: token },
})

/** Signs up, or tries to. */
export async function attempt(at: TestProject, fields: object, kind: 'api' | 'browser' = 'api') {
  const person = new Person(at, kind)
  const answer = await person.run('registration', {
    ...{ method: 'password', traits: { email: freshEmail() }, password },
    ...fields,
  })
  return { status: answer.status, ids: messageIds(answer.body), body: answer.body }
}
