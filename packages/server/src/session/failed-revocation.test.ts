import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openFlows, signedUp } from '../../test/people.ts'

test('a session that could not be ended is not said to be ended', async () => {
  const own = await openFlows('memory')
  const at = await own.project()
  const { person, email } = await signedUp(at, 'api')
  const db = own.database.unscoped
  await sql`create trigger stuck before update on sessions begin select raise(abort, 'stuck'); end`.execute(db)
  await sql`create trigger stuck_too before delete on sessions begin select raise(abort, 'stuck'); end`.execute(db)
  const id = (await person.call('GET', '/sessions/whoami')).body.id
  const identity = (await at.call('GET', `/admin/identities?credentials_identifier=${email}`)).body[0].id
  const answers = [
    await person.call('DELETE', '/self-service/logout/api', { json: { session_token: person.token } }),
    await at.call('DELETE', `/admin/sessions/${id}`),
    await at.call('DELETE', `/admin/identities/${identity}/sessions`),
  ]
  expect(answers.map(({ status }) => status)).toEqual([500, 500, 500])
  expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/stuck|sqlite/i)
  expect(await person.whoami()).toBe(email)
  await own.close()
})
