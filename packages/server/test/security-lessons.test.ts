import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runningTests } from './running-tests.ts'

type Lesson = { file: string; test: string } | { waits: 'oauth2' | 'saml' | 'scim' }

const at = (file: string, name: string): Lesson => ({ file, test: name })
const requests = 'kernel/http/hostile-requests.test.ts'
const tokens = 'session/hostile-tokens.test.ts'
const codes = 'selfservice/methods/code/store.test.ts'
const registration = 'selfservice/flows/registration/registration.test.ts'
const settings = 'selfservice/flows/settings/settings.test.ts'
const returns = 'selfservice/flow/return-to.test.ts'
const limits = 'selfservice/limits/attempts.test.ts'
const lockout = 'selfservice/limits/lockout.test.ts'
const secondFactor = 'selfservice/methods/code/second-factor.test.ts'
const properties = 'permission/check/check.property.test.ts'
const unsupported = 'configuration/unsupported.test.ts'

/** What went wrong in products of this kind, and the test that holds it here or the room that it waits for. */
const lessons: Record<string, Lesson | readonly Lesson[]> = {
  'Keto CVE-2026-33505, Hydra GHSA-r9w3-57w2-gch2, Kratos GO-2026-4801: page tokens': [
    at(requests, 'a page token that was not made here is refused, at %s'),
    at('identity/admin/list.test.ts', 'a page token counts only as it was given, where it was given'),
    at('courier/routes.test.ts', "another project's page token and messages do not count"),
  ],
  'Hydra GO-2026-4861: XSS by reflected values': at(
    'pages/reflected-values.test.ts',
    'nothing of a request becomes a part of a page',
  ),
  'Hydra GHSA-3p3g-vpw6-4w66: jti replay': { waits: 'oauth2' },
  'Kratos GHSA-wc43-73w7-x2f5: code ignored highest_available': at(
    'selfservice/methods/code/second-factor.test.ts',
    'is wanted by whoami and the settings before they answer, and enough for both',
  ),
  'fosite CVE-2020-15223: ignored storage errors': at(
    'session/failed-revocation.test.ts',
    'a session that could not be ended is not said to be ended',
  ),
  'fosite CVE-2020-15233, -15234: loose redirects': at(returns, 'may not have %s'),
  'Kratos 93d364c8e: tenant isolation': at('project/two-projects.test.ts', '%s shows and changes nothing of the other'),
  'Kratos v26.2.13: invisible Unicode': at(registration, 'makes no second account that looks the same'),
  'Kratos v26.2.19: address changed without privileged session': at(settings, 'of %s needs a recent sign-in'),
  'Kratos v26.2.5: shared error objects': [
    at('../../api/src/errors.test.ts', 'is a new instance each time'),
    at(requests, 'simultaneous errors tell nothing of each other'),
  ],
  'Better Auth CVE-2025-61928: userId in the body': at(settings, 'of the subject of the session only'),
  'Better Auth GHSA-xg6x-h9c9-2m83: cached session skipped the second factor': at(
    tokens,
    'a session is as strong as it is stored, at once',
  ),
  'Better Auth CVE-2026-45364: rate keys by raw IPv6': at('limit/networks.test.ts', '%s is counted as %s'),
  'Better Auth CVE-2026-45337: device code not bound': { waits: 'oauth2' },
  'Better Auth: find, then consume': [
    at(codes, 'of 50 simultaneous redemptions exactly one wins'),
    at('selfservice/methods/link/store.test.ts', 'of 50 simultaneous redemptions exactly one wins'),
  ],
  'Better Auth GHSA-g38m, -fmh4, -j8v8: linking and SCIM without ownership': [
    at('selfservice/methods/oidc/linking.test.ts', 'is not linked to the account of somebody else'),
    at('selfservice/methods/oidc/linking.test.ts', 'with automatic linking, if %s'),
    { waits: 'scim' },
  ],
  'Logto CVE-2026-15612: nonce': [
    at('selfservice/methods/oidc/providers/openid.test.ts', 'must have the nonce that was sent'),
    at('selfservice/methods/oidc/app.test.ts', 'are refused with %s'),
  ],
  'Logto CVE-2026-56739: SSRF': at('kernel/fetch.test.ts', 'do not go to %s where private addresses are refused'),
  'Zitadel GHSA-2wmj-46rj-qm2w: links from the Forwarded header': at(
    'selfservice/flow/links.test.ts',
    'links are made from the configuration, whatever the request says',
  ),
  'Zitadel CVE-2025-64102: second factor guessed': [
    at('selfservice/methods/code/second-factor.test.ts', 'guessed at too often is refused even if it is right'),
    at(codes, 'after five wrong codes the right one is refused'),
    at(limits, 'at codes are limited over several flows, for known and unknown addresses alike'),
  ],
  'Zitadel CVE-2025-46815: intent used twice': [
    at('selfservice/methods/oidc/state.test.ts', 'is used once, also by simultaneous requests'),
    at(codes, 'a code used twice is refused'),
  ],
  'Zitadel CVE-2026-27946: address verified by its owner': at(
    settings,
    'does not mark an address as verified, whatever is sent',
  ),
  'Zitadel CVE-2026-55669, GHSA-wxg7-w2v3-w38g: JWT without aud, iat, exp': { waits: 'oauth2' },
  'Zitadel CVE-2026-119128: forgeable cookie': at(tokens, 'a cookie that was not given out is worth nothing'),
  'Keycloak CVE-2023-6291, 2024-1132, 2024-8883, 2026-3872: redirects by prefix': at(returns, 'may not have %s'),
  'Keycloak CVE-2024-8698: SAML signature': { waits: 'saml' },
  'Keycloak CVE-2026-1190: SAML NotOnOrAfter': { waits: 'saml' },
  'Keycloak CVE-2026-2575: DEFLATE bomb': [{ waits: 'saml' }, at(requests, 'a body that is packed is not unpacked')],
  'Keycloak CVE-2026-9798: lockout passed by another grant': at(
    'selfservice/limits/lockout.test.ts',
    'lock the password in every form, also the right one',
  ),
  'Keycloak CVE-2026-7571: disabled flow still answered': at(
    'selfservice/flows/switched-off.test.ts',
    'what is switched off is refused, whatever is sent',
  ),
  'Keycloak CVE-2026-9689: repeated parameters': [
    at('selfservice/methods/oidc/sign-in.test.ts', 'refuses repeated parameters'),
    { waits: 'oauth2' },
  ],
  'Keycloak CVE-2024-3656: admin REST without authorisation': at(
    'apikey/admin-access.test.ts',
    'answers 401 without a token of the project',
  ),
  'OpenFGA CVE-2024-56323, SpiceDB CVE-2026-46668: check cache key': [
    at(properties, 'do not depend on what was asked before'),
    at('permission/check/consistency.test.ts', 'knows of every write before it, whoever wrote'),
    at('permission/check/concurrent-changes.test.ts', 'keeps nothing that changed before the cache had it'),
  ],
  'OpenFGA CVE-2023-45810, SpiceDB CVE-2025-65111: list-objects': [
    at('permission/listing/listing.property.test.ts', 'have every object that a check allows and no other'),
    at('permission/listing/listing.property.test.ts', 'have every subject that a check allows and no other'),
  ],
  'Keto v26.2.0: null ends the process': at(requests, 'null in every place of a body is an answer of 4xx'),
  'Keto v26.2.0: row order and depth': [
    at(properties, 'do not depend on the order in which tuples were written'),
    at(properties, 'say what the definition says'),
  ],
  'oidc-provider 9: simultaneous refreshes': { waits: 'oauth2' },
  'Kratos after v26.2.0: wildcards inside a label': [
    at('kernel/http/cors.test.ts', 'the entry %s allows %s: %s'),
    at(returns, 'may not have %s'),
  ],
  'Kratos after v26.2.0: login_hint forwarded to providers': at(
    'selfservice/methods/oidc/sign-in.test.ts',
    'forwards only harmless parameters',
  ),
  'Kratos after v26.2.0: the rule for the nonce of Apple': at(
    'selfservice/methods/oidc/providers/openid.test.ts',
    'apple may leave the nonce out only where its token says that it supports none',
  ),
  'Latchkey 9492f8d: one counter for all attempts, reset by any success': [
    at(lockout, 'at the second factor are not forgotten when the first one is given again'),
    at(lockout, 'at the password lock neither a code for sign-in nor recovery'),
    at(lockout, 'count for an identity, whichever of its identifiers is typed'),
  ],
  'Latchkey 9492f8d: nearness judged by Host': at('kernel/http/trusted-host.test.ts', 'is not near: %s'),
  'Latchkey 9492f8d: backtracking patterns': [
    at(
      'identity/schemas/patterns.test.ts',
      'runs patterns in linear time, in properties, names of properties and lists',
    ),
    at('kernel/pattern.test.ts', 'take steps in proportion to the text, whatever the pattern'),
  ],
  'Latchkey 9492f8d: settings as an oracle of the password': at(
    settings,
    'tells an old session nothing of the present password',
  ),
  'Latchkey 9492f8d: organization of the request': at(
    registration,
    'makes nobody a member of the organization that the request names',
  ),
  'Latchkey 9492f8d: CORS asterisk with credentials': at(
    'kernel/http/cors.test.ts',
    'of every origin, browsers are told the asterisk and nothing of credentials',
  ),
  'Latchkey 9492f8d: sessions shown and ended at aal1': at(
    secondFactor,
    'is wanted before sessions are shown or ended',
  ),
  'Latchkey 9492f8d: accepted without effect': [
    at(unsupported, 'is reported with its line and key, and the reason'),
    at(unsupported, 'is refused, and the refusal names the way out'),
  ],
  'Latchkey 9492f8d: a session of a person who was switched off': at(
    'session/ended-sessions.test.ts',
    'a session %s opens nothing',
  ),
}

describe('what went wrong elsewhere', () => {
  const held = Object.entries(lessons).flatMap(([lesson, where]) =>
    [where].flat().flatMap((one) => ('file' in one ? [[lesson, one.file, one.test] as const] : [])),
  )
  test.each(held)('%s is held by a test in %s', (_, file, name) => {
    expect(runningTests(readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8'))).toContain(name)
  })
})
