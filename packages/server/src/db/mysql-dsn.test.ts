import { expect, test } from 'vitest'
import { parseMysqlDsn } from './mysql-dsn.ts'

const local = { host: '127.0.0.1', port: 3306, database: 'kratos' }

test.each([
  [
    'mysql://k:pw@tcp(db.example:3307)/kratos?parseTime=true&max_conns=20',
    { user: 'k', password: 'pw', host: 'db.example', port: 3307, database: 'kratos' },
  ],
  ['mysql://k:p@ss:w/rd@tcp(127.0.0.1:3306)/kratos', { user: 'k', password: 'p@ss:w/rd', ...local }],
  ['mysql://k@tcp(db)/kratos', { user: 'k', host: 'db', port: 3306, database: 'kratos' }],
  ['mysql://k@tcp([::1]:3306)/kratos', { user: 'k', host: '::1', port: 3306, database: 'kratos' }],
  ['mysql://k@unix(/run/mysqld.sock)/kratos', { user: 'k', socketPath: '/run/mysqld.sock', database: 'kratos' }],
  ['mysql://k@/kratos', { user: 'k', ...local }],
  ['mysql://k@tcp(db)/kratos?tls=true', { tls: { rejectUnauthorized: true } }],
  ['mysql://k@tcp(db)/kratos?tls=skip-verify', { tls: { rejectUnauthorized: false } }],
])('%s', (dsn, expected) => expect(parseMysqlDsn(dsn)).toMatchObject(expected))

test.each([
  'mysql://k:secret@db.example:3306/kratos',
  'mysql://k:secret@tcp(db:3306)',
  'mysql://k:secret@tcp(db:99999)/kratos',
  'mysql://k:secret@udp(db:3306)/kratos',
  'mysql://k:secret@unix()/kratos',
  'mysql://k:secret@tcp(db)/kratos?tls=preferred',
  'mysql://k:secret@tcp(db)/kratos?tls=own-ca',
])('refuses %s, without its password', (dsn) => {
  expect(() => parseMysqlDsn(dsn)).toThrow(/DSN of MySQL must be/)
  expect(() => parseMysqlDsn(dsn)).not.toThrow(/secret/)
})
