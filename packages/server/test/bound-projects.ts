import type { IdentityConfig } from '../src/configuration/index.ts'
import { identityRoutes } from '../src/identity/index.ts'
import { selfserviceRoutes } from '../src/selfservice/index.ts'
import { sessionRoutes } from '../src/session/index.ts'
import { openTestApp, type TestProject } from './app.ts'
import { BoundBrowser, softwareKey } from './bound-browser.ts'
import { freshEmail } from './people.ts'

export const minuteMs = 60_000
export const origin = 'https://auth.harbour.example'

/** One database whose projects bind sessions to devices. */
export async function openBoundProjects(dsn: string) {
  const app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes, ...selfserviceRoutes])
  const now = () => app.clock.now()

  function boundProject(change: (identity: IdentityConfig) => IdentityConfig = (same) => same): Promise<TestProject> {
    return app.project((identity) => {
      const { serve, session } = identity
      return change({
        ...identity,
        serve: { ...serve, public: { ...serve.public, base_url: `${origin}/` } },
        session: { ...session, device_bound: { ...session.device_bound, enabled: true } },
      })
    })
  }

  /** Somebody who has signed up with a browser that binds sessions. */
  async function boundMember(project: TestProject, alg: 'ES256' | 'RS256' = 'ES256') {
    const browser = new BoundBrowser(project, now, await softwareKey(alg))
    const email = freshEmail()
    const { status } = await browser.signUp(email)
    if (status !== 200) throw new Error(`signing up was answered with ${status}`)
    return { browser, email }
  }
  return { ...app, now, boundProject, boundMember }
}
