import { expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { presentedToken } from './caller.ts'

const ctx = { config: { identity: { session: { cookie: { name: 'harbour_session' } } } } } as unknown as Context

function presented(headers: Record<string, string>, cookies: Record<string, string> = {}) {
  const call = { header: (name: string) => headers[name], cookies: (name: string) => [cookies[name] ?? []].flat() }
  return presentedToken(ctx, call as unknown as Call)
}

test.each([
  ['nothing', {}, {}, undefined],
  ['the header', { 'x-session-token': 'ory_st_a' }, {}, 'ory_st_a'],
  ['the cookie', {}, { harbour_session: 'c' }, 'c'],
  ['a cookie of another name', {}, { ory_kratos_session: 'c' }, undefined],
  ['a bearer token', { authorization: 'Bearer ory_st_b' }, {}, 'ory_st_b'],
  ['a bearer token in other letters', { authorization: 'bEARER  ory_st_b' }, {}, 'ory_st_b'],
  ['another sort of authorization', { authorization: 'Basic ory_st_b' }, {}, undefined],
  ['the header before the cookie', { 'x-session-token': 'ory_st_a' }, { harbour_session: 'c' }, 'ory_st_a'],
  ['the cookie before the bearer token', { authorization: 'Bearer ory_st_b' }, { harbour_session: 'c' }, 'c'],
  ['a cookie in the header', { 'x-session-token': 'c' }, {}, undefined],
  ['a wrong header beside a right cookie', { 'x-session-token': 'c' }, { harbour_session: 'c' }, undefined],
  ['a token in the cookie', {}, { harbour_session: 'ory_st_a' }, undefined],
  ['a token of a project as bearer', { authorization: 'Bearer ory_pat_a' }, {}, undefined],
] as [string, Record<string, string>, Record<string, string>, string | undefined][])(
  'a request presents %s',
  (_, headers, cookies, token) => {
    expect(presented(headers, cookies)).toBe(token)
  },
)
