import { expect, test } from 'vitest'
import { verifyPassword } from '../verify.ts'

// Generated with `openssl passwd -5` and `-6`, with lengths around the block boundaries of the digest.
test.each([
  ['a', '$sha256-crypt$saltstring$7cz4bTeQ7MnNssphNhFVrITtuJYY/1tdvLL2uzLvOk8'],
  [
    'a',
    '$sha512-crypt$saltstring$MO53nAXQUKXVLlsbiXyPgMsR6q10N7eF7sPvanwdXnEeCj5kE3eYaRvFv0wVW1UZ4SnNTzc1v4OCOq1ASDQZY0',
  ],
  ['ünïcödé', '$sha256-crypt$saltstring$LWoS7etyGTEVmihS7QQHXSEzzydFAmrgnzzj4AR/uZ5'],
  [
    'ünïcödé',
    '$sha512-crypt$saltstring$IiHZNKJOxVX9bM/qXimo3r/Frcs8555gTQjrfCHki69XVuYzT5IqOQELoD/uhR271uET0Lvl4pwM6M0SUYYMQ1',
  ],
  ['x'.repeat(31), '$sha256-crypt$saltstring$7eexM9i/RwH3zSTlXIzQVgVOeOcfAEH1bze54mX5hU9'],
  [
    'x'.repeat(31),
    '$sha512-crypt$saltstring$HG9xFGA13aLT65.tMdRQCe2m92la50G2GfDvNx8rc64gAZqHy0pEq0fbfIJeoDDG.nnxHiic6favHLD5hBuoo.',
  ],
  ['x'.repeat(32), '$sha256-crypt$saltstring$xLASXGU7L2tnQezB4rwhJEBqDVqcstZLQvC6JaczsJA'],
  [
    'x'.repeat(32),
    '$sha512-crypt$saltstring$.j4RrIcePv6bd./K2AaTqayVawD.dmXscTL21dpe5veRRVFD/Nt7QHroMAv8kJJDy3qoYiQAfdlqqNzvc8U2o/',
  ],
  ['y'.repeat(64), '$sha256-crypt$saltstring$w0HRpy/m38WKtUTKWTOQfisUmTOrN4wtNIsR08RlafB'],
  [
    'y'.repeat(64),
    '$sha512-crypt$saltstring$V3nU/DMyyQP2aRAcH7K596A2xB.7dfmhK4kR9Zss6FSu1umnLe.GFTVXRwVNKHaJGTg2Qv5LZW1gZe0q3Ir1X.',
  ],
  ['z'.repeat(130), '$sha256-crypt$saltstring$NUkiq5PmiPc9cql/9KMu9UcT.jf8VtWuVQZ9ksDuG87'],
  [
    'z'.repeat(130),
    '$sha512-crypt$saltstring$PviKIMsP7Elcy6qZ7xrdsvXlxe26BVBr7oop/dM3mACrJiaZdBPsOQ7MHklnpkY3zl0J6BnurcatG4HIx6srk/',
  ],
])('agrees with OpenSSL on %j', async (password, hash) => {
  expect(await verifyPassword(password, hash)).toBe(true)
  expect(await verifyPassword(`${password}!`, hash)).toBe(false)
})

test('fewer than 1000 rounds count as 1000', async () => {
  const digest = 'PUh3dLhrRUf5DImijCTHA/6RNalgRtHHx.PjXg80gE2'
  expect(await verifyPassword('a', `$sha256-crypt$rounds=1000$saltstring$${digest}`)).toBe(true)
  expect(await verifyPassword('a', `$sha256-crypt$rounds=20$saltstring$${digest}`)).toBe(true)
  expect(await verifyPassword('a', `$sha256-crypt$rounds=1001$saltstring$${digest}`)).toBe(false)
})
