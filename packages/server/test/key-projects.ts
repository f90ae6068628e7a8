import { Authenticator, type Behaviour } from './authenticator.ts'
import type { openFlows, Person } from './people.ts'

export const origin = 'https://harbour.example'
export const rp = { id: 'harbour.example', display_name: 'Harbour', origins: [origin] }

type App = Awaited<ReturnType<typeof openFlows>>
interface Options {
  /** The configuration of passkeys, besides the relying party. */
  passkey?: object
  /** That of security keys; false to switch them off. */
  keys?: { passwordless?: boolean } | false
  style?: 'unified' | 'identifier_first'
  /** Whether codes sign in, and count as a first factor of everybody. */
  hasCodes?: boolean
}

/** A project with passkeys and, unless configured otherwise, security keys as a second factor. */
export function keyProject(app: App, { passkey = {}, keys = {}, style = 'unified', hasCodes = false }: Options = {}) {
  return app.project(({ selfservice, ...identity }) => {
    const { flows, methods } = selfservice
    const login = { ...flows.login, style }
    const after = { ...flows.registration.after, passkey: session, webauthn: session }
    return {
      ...identity,
      selfservice: {
        ...selfservice,
        flows: { ...flows, login, registration: { ...flows.registration, after } },
        methods: {
          ...methods,
          code: { ...methods.code, passwordless_enabled: hasCodes },
          passkey: { enabled: true, config: { rp, ...passkey } },
          webauthn: keys === false ? { enabled: false } : { enabled: true, config: { rp, ...keys } },
        },
      },
    }
  })
}

const session = { hooks: [{ hook: 'session' as const }] }

/** An authenticator in a browser on a page of the relying party. */
export function authenticator(more: Partial<Behaviour> = {}): Authenticator {
  return new Authenticator({ origin, ...more })
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
type Flow = any

/** The node of a form with this name or id. */
export function nodeOf(flow: Flow, name: string) {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return flow.ui.nodes.find(({ attributes }: any) => (attributes.name ?? attributes.id) === name)
}

/** All nodes of a form with this name. */
export function nodesOf(flow: Flow, name: string) {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return flow.ui.nodes.filter(({ attributes }: any) => attributes.name === name)
}

/** The options in the value of a node, as the script of the page reads them. */
export function optionsOf(flow: Flow, name: string) {
  const given = JSON.parse(nodeOf(flow, name).attributes.value)
  return given.credentialOptions ?? given
}

/** Signs up with a passkey. */
export async function signUpWithPasskey(person: Person, email: string, device: Authenticator) {
  const flow = await person.begin('registration')
  const answer = device.create(optionsOf(flow, 'passkey_create_data'))
  return person.submit('registration', flow, { traits: { email }, passkey_register: answer })
}

/** Signs in with a passkey. */
export async function signInWithPasskey(person: Person, device: Authenticator) {
  const flow = await person.begin('login')
  return person.submit('login', flow, { passkey_login: device.get(optionsOf(flow, 'passkey_challenge')) })
}

/** Adds a security key in the settings. */
export async function addKey(person: Person, device: Authenticator, name = 'Blue key') {
  const flow = await person.begin('settings')
  return person.submit('settings', flow, {
    webauthn_register: device.create(optionsOf(flow, 'webauthn_register_trigger')),
    webauthn_register_displayname: name,
  })
}

/** Adds a passkey in the settings. */
export async function addPasskey(person: Person, device: Authenticator) {
  const flow = await person.begin('settings')
  const answer = device.create(optionsOf(flow, 'passkey_create_data'))
  return person.submit('settings', flow, { passkey_settings_register: answer })
}
