import { Configuration, FrontendApi, ResponseError } from '@ory/client-fetch'

/** The public API of Latchkey, reached through the origin of the app. */
export const frontend = new FrontendApi(
  new Configuration({
    basePath: window.location.origin,
    credentials: 'include',
    headers: { Accept: 'application/json' },
  }),
)

const readers = {
  login: (id: string) => frontend.getLoginFlow({ id }),
  registration: (id: string) => frontend.getRegistrationFlow({ id }),
  settings: (id: string) => frontend.getSettingsFlow({ id }),
  recovery: (id: string) => frontend.getRecoveryFlow({ id }),
  verification: (id: string) => frontend.getVerificationFlow({ id }),
}

export type FlowName = keyof typeof readers
export type FlowOf<Name extends FlowName> = Awaited<ReturnType<(typeof readers)[Name]>>

/**
 * Reads the flow that the address names. Without one, or if it is over or not there, the browser is sent to the API,
 * which begins one and comes back; then nothing is returned.
 */
export async function readFlow<Name extends FlowName>(name: Name): Promise<FlowOf<Name> | undefined> {
  const query = new URLSearchParams(window.location.search)
  const id = query.get('flow')
  if (id === null) return begin(name, query)
  try {
    return (await readers[name](id)) as FlowOf<Name>
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error
    const body = await error.response.json().catch(() => undefined)
    if (body?.redirect_browser_to) window.location.assign(body.redirect_browser_to)
    else begin(name, query)
  }
}

function begin(name: FlowName, query: URLSearchParams): undefined {
  query.delete('flow')
  window.location.replace(`/self-service/${name}/browser?${query}`)
}
