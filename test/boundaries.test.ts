import { describe, expect, it } from 'vitest'
import { production, textOf } from './stage/sources.ts'

/**
 * Each boundary lists the files that may contain the pattern, and the number of other files that still do. Ceilings are
 * only lowered, until they are 0.
 */
const boundaries = [
  {
    name: 'second factors are named in their own files only',
    pattern: /totp|webauthn|lookup_?secret/i,
    allowed: [
      'packages/api/src/',
      'packages/server/src/selfservice/methods/(totp|webauthn|lookup_secret)/',
      'packages/server/src/selfservice/methods/index.ts',
      'packages/server/src/identity/credentials/(totp|webauthn|lookup_secret|index).ts',
      // WebAuthn is also the protocol of passkeys, which share its ceremonies, script and kind of keys.
      'packages/server/src/selfservice/(ceremonies|methods/passkey)/',
      'packages/server/src/selfservice/(methods/related-origins|routes).ts',
      'packages/server/src/identity/(credentials/(passkey|public_keys)|user-handle).ts',
    ],
    ceiling: 0,
  },
  {
    name: 'only routes, flow responses and pages create replies',
    pattern: /\bReply\b/,
    allowed: [
      'packages/server/src/(.*/)?routes.ts',
      'packages/server/src/selfservice/answer/',
      // Browsers are sent there, and the answers have several forms.
      'packages/server/src/oauth2/(authorize/(endpoint|form-post)|device/verify|logout/flow|token/userinfo).ts',
      'packages/server/src/pages/',
      'packages/server/src/kernel/http/',
    ],
    ceiling: 0,
  },
  {
    name: 'queries are in stores only',
    pattern: /\.(selectFrom|insertInto|updateTable|deleteFrom)\(|import [^;]*\bsql\b[^;]*from 'kysely'/,
    allowed: ['packages/server/src/db/', 'packages/server/src/.*store.ts'],
    ceiling: 0,
  },
  {
    name: 'raw SQL is in the database folder only',
    pattern: /import [^;]*\bsql\b[^;]*from 'kysely'/,
    allowed: ['packages/server/src/db/'],
    ceiling: 0,
  },
  {
    name: 'time and randomness come only from the context',
    pattern: /\brandomBytes\b|\bDate\.now\(|\bMath\.random\b|\brandomUUID\b|\bnew Date\(\)/,
    allowed: [
      'packages/server/src/kernel/(clock|random).ts',
      // Traces use the real time, not the clock of a project.
      'packages/server/src/kernel/traces/otlp.ts',
      'packages/(api|client|pages|cli)/',
    ],
    ceiling: 0,
  },
]

describe('boundaries', () => {
  it.each(boundaries)('$name', ({ pattern, allowed, ceiling }) => {
    const mayCross = new RegExp(`^(${allowed.join('|').replaceAll('.ts', '\\.ts$')})`)
    const crossing = production.filter((file) => !mayCross.test(file) && pattern.test(textOf(file)))
    const verdict = crossing.length > ceiling ? `${crossing.length} files cross:\n${crossing.join('\n')}` : 'within'
    expect(verdict).toBe('within')
  })
})
