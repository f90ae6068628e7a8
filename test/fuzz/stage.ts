import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goldenDir, type Latchkey, startLatchkey } from '../stage/latchkey.ts'
import { openMailbox } from '../stage/mailbox.ts'

const password = 'correct-Horse-7-battery'

/** Existing objects, so that generated input passes the first lookup. */
export interface Fixtures {
  identity: string
  externalId: string
  session: string
  token: string
  message: string
  /** Ids of unfinished flows. */
  flows: string[]
  /** Identities that tests may delete, newest last. */
  victims: string[]
}

export interface FuzzTarget {
  server: Latchkey
  /** A server with the listeners of Hydra. */
  oauth2: Latchkey | undefined
  readonly fixtures: Fixtures
  /** Recreates fixtures, because input may have ended the session or the flows. */
  renew(): Promise<void>
  stop(): Promise<void>
}

export async function startFuzzTarget(dsn = 'memory'): Promise<FuzzTarget> {
  const mailbox = await openMailbox(process.env.LATCHKEY_TEST_TARGET ? 2525 : undefined)
  const kratos = fileURLToPath(new URL('kratos.yml', import.meta.url))
  const keto = join(goldenDir, 'config', 'permission.yml')
  const server = await startLatchkey({ kratos, keto, dsn, env: { COURIER_SMTP_CONNECTION_URI: mailbox.uri } })
  const oauth2 = process.env.LATCHKEY_TEST_TARGET
    ? undefined
    : await startLatchkey({ hydra: join(goldenDir, 'config', 'oauth2.yml'), dsn: 'memory' })
  if (oauth2) await makeClient(oauth2)
  let fixtures = await makeFixtures(server)
  const stop = async () => {
    await server.stop()
    await oauth2?.stop()
    await mailbox.close()
  }
  return {
    server,
    oauth2,
    get fixtures() {
      return fixtures
    },
    renew: async () => {
      fixtures = await makeFixtures(server)
    },
    stop,
  }
}

/** The id of the client in the tests of OAuth2. */
export const clientId = 'fuzz'

async function makeClient({ admin }: Latchkey): Promise<void> {
  await call(admin, 'POST', '/admin/clients', {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    redirect_uris: ['https://app.example.org/callback'],
    scope: 'openid offline_access',
  })
}

async function makeFixtures(server: Latchkey): Promise<Fixtures> {
  const run = randomUUID()
  const registration = await call(server.public, 'GET', '/self-service/registration/api')
  const signedUp = await call(server.public, 'POST', `/self-service/registration?flow=${registration.id}`, {
    method: 'password',
    password,
    traits: { email: `fixture-${run}@example.org` },
  })
  const token = signedUp.session_token as string
  const flows = [
    ...['login', 'registration', 'recovery', 'verification'].map((kind) => `/self-service/${kind}/api`),
    ...['login', 'registration', 'recovery', 'verification'].map((kind) => `/self-service/${kind}/browser`),
    '/self-service/settings/api',
  ]
  const made = await Promise.all(flows.map((path) => call(server.public, 'GET', path, undefined, token)))
  const externalId = `external-${run}`
  await call(server.admin, 'POST', '/admin/identities', {
    schema_id: 'person',
    external_id: externalId,
    traits: { email: `external-${run}@example.org` },
  })
  const identities = Array.from({ length: 3 }, (_, index) => ({
    create: { schema_id: 'person', traits: { email: `victim-${index}-${run}@example.org` } },
  }))
  const batch = await call(server.admin, 'PATCH', '/admin/identities', { identities })
  if (server.write) await makeRelationships(server)
  const [message] = await call(server.admin, 'GET', '/admin/courier/messages')
  return {
    identity: signedUp.identity.id,
    externalId,
    session: signedUp.session.id,
    token,
    message: message?.id ?? '',
    flows: made.map((flow) => flow.id ?? ''),
    victims: batch.identities.map((one: { identity: string }) => one.identity),
  }
}

/** A document with viewers through a folder and a group, and a group that contains itself. */
async function makeRelationships({ write }: Latchkey): Promise<void> {
  const set = (namespace: string, object: string, relation: string) => ({ namespace, object, relation })
  const tuples = [
    { ...set('Document', 'd', 'parents'), subject_set: set('Folder', 'f', '') },
    { ...set('Folder', 'f', 'viewers'), subject_set: set('Group', 'g', 'members') },
    { ...set('Group', 'g', 'members'), subject_set: set('Group', 'g', 'members') },
    ...['a', 'b', 'ü🦄'].map((subject) => ({ ...set('Group', 'g', 'members'), subject_id: subject })),
  ]
  for (const tuple of tuples) await call(write, 'PUT', '/admin/relation-tuples', tuple)
}

// biome-ignore lint/suspicious/noExplicitAny: responses of many operations
async function call(origin: string, method: string, path: string, body?: object, token?: string): Promise<any> {
  const signedInPath = path.includes('settings')
  const response = await fetch(origin + path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token && signedInPath ? { 'x-session-token': token } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`)
  return response.json()
}
