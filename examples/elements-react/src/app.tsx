import type { FlowError, Session } from '@ory/client-fetch'
import { type OryClientConfiguration, OryConfigurationProvider } from '@ory/elements-react'
import { Error as ErrorPage, Login, Recovery, Registration, Settings, Verification } from '@ory/elements-react/theme'
import { type ReactNode, useEffect, useState } from 'react'
import { type FlowName, type FlowOf, frontend, readFlow } from './flows'

const pages: Record<string, (props: { config: OryClientConfiguration }) => ReactNode> = {
  '/login': ({ config }) => {
    const flow = useFlow('login')
    return flow && <Login flow={flow} config={config} />
  },
  '/registration': ({ config }) => {
    const flow = useFlow('registration')
    return flow && <Registration flow={flow} config={config} />
  },
  '/recovery': ({ config }) => {
    const flow = useFlow('recovery')
    return flow && <Recovery flow={flow} config={config} />
  },
  '/verification': ({ config }) => {
    const flow = useFlow('verification')
    return flow && <Verification flow={flow} config={config} />
  },
  '/settings': ({ config }) => {
    const flow = useFlow('settings')
    return flow && <Settings flow={flow} config={config} />
  },
  '/error': FlowErrorPage,
}

export function App() {
  const config = useLoaded(loadConfiguration)
  if (!config) return null
  const Page = pages[window.location.pathname] ?? Home
  return (
    <OryConfigurationProvider {...config}>
      <main style={{ display: 'grid', justifyItems: 'center', padding: '2rem 1rem' }}>
        <Page config={config} />
      </main>
    </OryConfigurationProvider>
  )
}

/** The addresses of the pages and what is switched on come from the server. */
async function loadConfiguration(): Promise<OryClientConfiguration> {
  const response = await fetch('/elements/configuration')
  if (!response.ok) throw new Error(`the configuration was answered with ${response.status}`)
  return { sdk: { url: window.location.origin }, project: await response.json() }
}

function useFlow<Name extends FlowName>(name: Name): FlowOf<Name> | undefined {
  return useLoaded(() => readFlow(name))
}

function FlowErrorPage({ config }: { config: OryClientConfiguration }) {
  const id = new URLSearchParams(window.location.search).get('id') ?? ''
  const error = useLoaded<FlowError>(() => frontend.getFlowError({ id }))
  return error && <ErrorPage error={error} config={config} />
}

/** What the app itself shows: who is signed in. */
function Home() {
  const state = useLoaded<{ session?: Session }>(async () => ({
    session: await frontend.toSession().catch(() => undefined),
  }))
  if (!state) return null
  if (!state.session) return <a href="/login">Sign in</a>
  return (
    <section>
      <h1>Signed in</h1>
      <p data-testid="email">{state.session.identity?.traits?.email}</p>
      <p data-testid="aal">{state.session.authenticator_assurance_level}</p>
      <p>
        <a href="/settings">Settings</a>{' '}
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </p>
    </section>
  )
}

async function signOut() {
  const { logout_url: url } = await frontend.createBrowserLogoutFlow()
  window.location.assign(url)
}

function useLoaded<Value>(load: () => Promise<Value | undefined>): Value | undefined {
  const [value, setValue] = useState<Value>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page loads once
  useEffect(() => {
    void load().then(setValue, (error: unknown) => console.error(error))
  }, [])
  return value
}
