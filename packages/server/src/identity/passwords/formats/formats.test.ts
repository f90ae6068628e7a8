import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isKnownHash, verifyPassword } from '../verify.ts'

const password = 'Imported-Secret-7q'

/** One or more hashes of the password above for each format, as other systems export them. */
const vectors: Record<string, string> = {
  bcrypt: '$2a$06$LMpZYd3dK/HUTURNwPo6m.gGSqtRpeVeCvthwL8uIdfLD97Z4yEce',
  'bcrypt 2b': '$2b$05$WhsTAbYQ56WlFuC.Lx1hsehiTCP.aMeQVnCjirhZH/dOvvWkM9jwS',
  'bcrypt 2y': '$2y$05$WhsTAbYQ56WlFuC.Lx1hsehiTCP.aMeQVnCjirhZH/dOvvWkM9jwS',
  argon2id: '$argon2id$v=19$m=8192,t=2,p=1$pNJoaAF8DM/+Lv5QlE70IQ$sQ6XxuvLyvtXCoOLts8YNTlZN7Id2sKY6zfIGgGRoiY',
  argon2i: '$argon2i$v=19$m=4096,t=3,p=1$pNJoaAF8DM/+Lv5QlE70IQ$kqKureCmDD+odf+MqP21MhsQpvD/BerBrbwEIDYHORI',
  scrypt: '$scrypt$ln=1024,r=8,p=1$pNJoaAF8DM/+Lv5QlE70IQ==$uOT4Ap38qNeA4QFcCEIkHZzlN0y3azgBnAF+9638ucM=',
  'pbkdf2-sha1': '$pbkdf2-sha1$i=1000,l=32$pNJoaAF8DM/+Lv5QlE70IQ$lqud72J62bUVTq5tu/20e7029HND8tnXX2DfvtvljGg',
  'pbkdf2-sha256': '$pbkdf2-sha256$i=1000,l=32$pNJoaAF8DM/+Lv5QlE70IQ$J6uPTx/KT57BNCIrlrE0mUBuiESYLPiSFg32QqeljIQ',
  'pbkdf2-sha512': '$pbkdf2-sha512$i=1000,l=32$pNJoaAF8DM/+Lv5QlE70IQ$IDnj5M5WJ3ChXOy/Q64wkz0rmgpjk9ztVl/Ku46SsHQ',
  SSHA: '{SSHA}bw/I5XZICtOeK16Q0lWyyOIiIpyk0mhoAXwMzw==',
  SSHA256: '{SSHA256}WaV82dzXQilNj6zaGmtFV4jljRd4HJK7MKE2/spP8iKk0mhoAXwMzw==',
  SSHA512: '{SSHA512}Vt+tO7qLOIO6DU3TkDwRzzZdXzIHk7IcZj75Aayuw+xd3Qt1B6gwVdXjhF20yTk56KJ4xWPl4AG/Ie5t7QT7UaTSaGgBfAzP',
  sha1: '$sha1$pf=e1NBTFR9e1BBU1NXT1JEfQ==$pNJoaAF8DM/+Lv5QlE70IQ==$yCtE62/eV76BldIAk7yaT24Vh3Y=',
  sha256: '$sha256$pf=e1NBTFR9e1BBU1NXT1JEfQ==$pNJoaAF8DM/+Lv5QlE70IQ==$2VduJOK8IRhe8afos6WzZGd0I5FXWPn9VIhNwFHSGpg=',
  sha512:
    '$sha512$pf=e1NBTFR9e1BBU1NXT1JEfQ==$pNJoaAF8DM/+Lv5QlE70IQ==$gonybl08MgL6qubrPlZRlRyLD98O22u5e4UpRfVL/ubGkuCZB2q+subZYCMLM2JMa7q+exEYQLVCCICfm9gfrA==',
  'sha256 with the salt last':
    '$sha256$pf=e1BBU1NXT1JEfTp7U0FMVH0=$pNJoaAF8DM/+Lv5QlE70IQ==$6WOKN3ARwvyhxzLlGN0jT10rAlE1uoHaF/T4kcz/lAo=',
  md5: '$md5$VbB9/ZJNKkLPgiMP8ywDzA==',
  'md5 salted': '$md5$pf=e1NBTFR9JHtQQVNTV09SRH0=$cGVwcGVy$FqfCot9m22CUp3ZzSMDS+g==',
  'md5-crypt': '$md5-crypt$Qx7sAlt9$skDBxnbl42NumbwyoNU9t.',
  'sha256-crypt': '$sha256-crypt$Qx7sAlt9$vuUcg1sfqeNRJRTllcdNDxAJZtM2u5ROke9cnHmzTnA',
  'sha256-crypt with rounds': '$sha256-crypt$rounds=2000$Ro0undsSalt$qOf8esO068GxOMt0fbdjFedLqyWu79vU5TqByKGzKZ7',
  'sha512-crypt':
    '$sha512-crypt$Qx7sAlt9$VHdadbKvBd1cHVuVi/oXQNps8rbDNiM8uA8A0ZVhwmIaCB2V46AXbd2UvC/vOYyRiT3kaxIk7ZHBXg6Rl7QlK/',
  firescrypt:
    '$firescrypt$ln=10,r=8,p=1$pNJoaAF8DM/+Lg==$2VO7El4+ZlWJXy45LKNmGDGQxQcNbzw1ET/BoN00Et61/zATJSNl1HydRD1oAC5FlJD70LbCTaarDYRWqcioDQ==$EIA=$Uf9i5Os4zHynRG0tKthJGyVMQ7CnMUSpixSB0esYIiUN2Fpdt14n5z2a5uwVrKmGjIS+h1qOzaVsjHmUj5ekyw==',
  'hmac-md5': '$hmac-md5$NDZjNWFmZTUyYmE0MjFhZjAwYThhOWVhNGU1NjBhZjY=$aG1hYy1rZXktc2hhcmVk',
  'hmac-sha1': '$hmac-sha1$ZWIzYmIzZTY3NTk4N2JiYjAwNWFlYzgwZGMxNjAxN2U0M2ViNTkxNQ==$aG1hYy1rZXktc2hhcmVk',
  'hmac-sha224':
    '$hmac-sha224$OWNkY2Y1MTRmNjdmMGY2MDIwYWE1ZDlmMmM5Y2Y5YjcwMjI3MmI5MmUyMDRlY2MyZWYzMDczN2U=$aG1hYy1rZXktc2hhcmVk',
  'hmac-sha256':
    '$hmac-sha256$YjlhMjE4NmU4YmEzNTc2NzdkMTlmYTBmYzE2OTQ2OTc0ODc5ZjJkZjdmOWFiMTBlYjEyOTUxOWNlNTI1MjNkOQ==$aG1hYy1rZXktc2hhcmVk',
  'hmac-sha384':
    '$hmac-sha384$MzQxNmI3MzY0ZmJkMDYwOGNjYTRmODFhM2ViNjI4MjgyNGEzMWJmNDFlZDg1YmNlYTFmN2E4ZDBkZDZjNjc1ZWRjNWIzMGQxMTVjNTlmYzgyMTlmMmIzM2QzZDQwODkw$aG1hYy1rZXktc2hhcmVk',
  'hmac-sha512':
    '$hmac-sha512$OGY0ZTk0MDE1YmEwZWU5ZGQwMGZkZDkzZDQ2OWE5YzQ1YzIwZTI2MTY4ZWQwOGU4M2IwMzI4MDc3ZjMxNTZlNzc1NGYzNzU1NTdhZWIwMmY3Mjk4NzYyMThmYTFlNjY2YTU1NGM5YzUyNDZiMjU1MTAzMjY0N2I0YmRmZjE0Nzg=$aG1hYy1rZXktc2hhcmVk',
}

describe.each(Object.entries(vectors))('%s', (_, hash) => {
  test('fits its password and no other', async () => {
    expect(isKnownHash(hash)).toBe(true)
    expect(await verifyPassword(password, hash)).toBe(true)
    expect(await verifyPassword(`${password}x`, hash)).toBe(false)
    expect(await verifyPassword(password.slice(0, -1), hash)).toBe(false)
    expect(await verifyPassword('', hash)).toBe(false)
  })

  test('cut anywhere it fits nothing and throws nothing', async () => {
    // Trailing padding is insignificant, and a prefix of an scrypt key is a valid shorter scrypt key.
    const end = hash.startsWith('$scrypt$') ? hash.lastIndexOf('$') : hash.replace(/=+$/, '').length
    for (let length = 0; length < end; length += 3) {
      expect(await verifyPassword(password, hash.slice(0, length)), `first ${length} characters`).toBe(false)
    }
    expect(await verifyPassword(password, `${hash}$`)).toBe(false)
    expect(await verifyPassword(password, `${hash}\n`)).toBe(false)
  })
})

test.each([
  ['prose', 'no hash at all'],
  ['nothing', ''],
  ['yescrypt', '$yescrypt$j9T$abc$def'],
  ['glibc names', '$6$salt$digest'],
  ['unknown HMAC', '$hmac-sha3$YQ==$YQ=='],
  ['unknown SHA', '$sha384$pf=e1BBU1NXT1JEfQ==$YQ==$YQ=='],
  ['five thousand characters', `$md5$${'A'.repeat(5000)}`],
])('an unknown format is not imported: %s', async (_, hash) => {
  expect(isKnownHash(hash)).toBe(false)
  expect(await verifyPassword(password, hash)).toBe(false)
})

test.each([
  ['bcrypt cost', `$2a$18$${'.'.repeat(53)}`],
  ['argon2 memory', `$argon2id$v=19$m=4194304,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
  ['argon2 passes', `$argon2i$v=19$m=65536,t=4000000000,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
  ['pbkdf2 iterations', `$pbkdf2-sha256$i=4000000000,l=32$${'A'.repeat(22)}$${'A'.repeat(43)}`],
  ['scrypt memory', `$scrypt$ln=16777216,r=8,p=1$AAAA$${'A'.repeat(43)}=`],
  ['firescrypt memory', `$firescrypt$ln=31,r=8,p=1$AAAA$${'A'.repeat(43)}=$AAAA$${'A'.repeat(43)}=`],
  ['sha-crypt rounds', `$sha512-crypt$rounds=999999999$salt$${'A'.repeat(86)}`],
])('an unaffordable hash is neither imported nor computed: %s', async (_, hash) => {
  expect(isKnownHash(hash)).toBe(false)
  expect(await verifyPassword(password, hash)).toBe(false)
})

test.each([
  ['pbkdf2 of no bytes', '$pbkdf2-sha256$i=1000,l=0$pNJoaAF8DM/+Lv5QlE70IQ$'],
  ['scrypt of no bytes', '$scrypt$ln=1024,r=8,p=1$pNJoaAF8DM/+Lv5QlE70IQ==$'],
  ['argon2 of no bytes', '$argon2id$v=19$m=8192,t=2,p=1$pNJoaAF8DM/+Lv5QlE70IQ$'],
  ['firescrypt of no bytes', '$firescrypt$ln=10,r=8,p=1$AAAA$$AAAA$'],
  [
    'argon2 version 16',
    '$argon2id$v=16$m=8192,t=2,p=1$pNJoaAF8DM/+Lv5QlE70IQ$sQ6XxuvLyvtXCoOLts8YNTlZN7Id2sKY6zfIGgGRoiY',
  ],
  [
    'salting format without the password',
    `$sha256$pf=e1NBTFR9$YQ==$${createHash('sha256').update('a').digest('base64')}`,
  ],
])('a hash that would fit every password, or an old version, fits none: %s', async (_, hash) => {
  expect(isKnownHash(hash)).toBe(true)
  expect(await verifyPassword(password, hash)).toBe(false)
})
