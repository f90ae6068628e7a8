import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OperationSpec } from '@latchkey/api'
import fc, { type Arbitrary } from 'fast-check'
import { goldenDir } from '../stage/latchkey.ts'
import type { Sent } from './send.ts'
import { clientId, type Fixtures } from './stage.ts'
import { nastyText, nearly, partOfTuple, type Schema, valid } from './values.ts'

/** Requests for an operation, generated from its schemas: valid, almost valid and invalid. */
export function requestsFor(operation: OperationSpec, fixtures: Fixtures): Arbitrary<Sent> {
  const { method, path } = operation
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  return fc
    .record({
      params: fc.tuple(...names.map((name) => parameter(name, operation, fixtures))),
      query: query(operation.query as Schema | undefined, fixtures),
      headers: headers(fixtures),
      payload: operation.body ? payload(operation.body as Schema) : fc.constant(undefined),
    })
    .map(({ params, query, headers, payload }) => {
      const filled = names.reduce((sum, name, index) => sum.replace(`{${name}}`, escaped(params[index] ?? 'x')), path)
      const sent: Sent = { method, path: query ? `${filled}?${query}` : filled, headers }
      if (!payload) return sent
      return {
        ...sent,
        body: payload.text,
        headers: { ...headers, ...(payload.type && { 'content-type': payload.type }) },
      }
    })
}

function parameter(name: string, operation: OperationSpec, fixtures: Fixtures): Arbitrary<string> {
  const deletes = operation.id === 'deleteIdentity'
  const real = [
    ...(deletes ? [fixtures.victims.pop() ?? 'none'] : [fixtures.identity]),
    fixtures.session,
    fixtures.message,
    fixtures.externalId,
    clientId,
    'password',
    'person',
    'cGVyc29u',
  ]
  const known = deletes ? fc.constantFrom(...real.slice(0, 1)) : fc.constantFrom(...real)
  return fc.oneof(
    { weight: name === 'type' ? 1 : 3, arbitrary: known },
    fc.uuid(),
    nastyText.map((text) => text || 'x'),
    fc.string({ minLength: 1, maxLength: 30 }),
  )
}

/** Parameters from the schema, some of them hostile, duplicate or unknown. */
function query(schema: Schema | undefined, fixtures: Fixtures): Arbitrary<string> {
  const pairs = Object.entries(schema?.properties ?? {}).map(([name, inner]) => {
    const known = name === 'flow' || name === 'id' ? [fc.constantFrom(...fixtures.flows)] : []
    const right = partOfTuple(name, inner) ?? valid(inner.type === 'array' ? (inner.items ?? {}) : inner).map(plain)
    const values = fc.array(fc.oneof(...known, ...known, right, right, nastyText), { minLength: 1, maxLength: 2 })
    return fc.option(
      values.map((all) => all.map((one) => `${name}=${escaped(one)}`).join('&')),
      { nil: '', freq: 2 },
    )
  })
  const unknown = fc.option(
    fc.tuple(fc.string({ maxLength: 6 }), nastyText).map(([name, value]) => `${escaped(name)}=${escaped(value)}`),
    { nil: '', freq: 6 },
  )
  return fc.tuple(...pairs, unknown).map((parts) => parts.filter(Boolean).join('&'))
}

function headers({ token }: Fixtures): Arbitrary<Record<string, string>> {
  const spoilt = fc.constantFrom('', 'x', 'ory_st_', `${token}x`, 'Bearer', '"', 'a'.repeat(3000))
  return fc
    .record({
      accept: fc.constantFrom('application/json', 'application/json', 'application/json', '*/*', 'text/html', ''),
      'x-session-token': fc.option(fc.oneof(fc.constant(token), spoilt), { nil: undefined }),
      authorization: fc.option(spoilt, { nil: undefined, freq: 4 }),
      cookie: fc.option(
        fc.constantFrom(
          'ory_kratos_session=x',
          'csrf_token_x=y',
          '=',
          ';;;',
          'a=%00',
          `ory_kratos_session=${'A'.repeat(2000)}`,
        ),
        { nil: undefined, freq: 3 },
      ),
      'x-forwarded-for': fc.option(fc.constantFrom('1.2.3.4', 'not an address', ''), { nil: undefined, freq: 5 }),
      'x-forwarded-host': fc.option(fc.constant('evil.example'), { nil: undefined, freq: 5 }),
    })
    .map((all) =>
      Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)),
    )
}

interface Payload {
  text: string
  type?: string
}

const json = 'application/json'
const model = readFileSync(join(goldenDir, 'config', 'namespaces.keto.ts'), 'utf8')

function payload(schema: Schema): Arbitrary<Payload> {
  return schema.type === 'string' ? fc.oneof(textBody, jsonBody(schema)) : jsonBody(schema)
}

/** A complete or truncated namespaces file, and arbitrary texts. */
const textBody = fc
  .oneof(
    fc.tuple(fc.nat(model.length), fc.nat(model.length)).map(([from, to]) => model.slice(from, to)),
    fc.tuple(fc.nat(model.length), nastyText).map(([at, more]) => model.slice(0, at) + more + model.slice(at)),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  .map((text): Payload => ({ text, type: 'text/plain' }))

function jsonBody(schema: Schema): Arbitrary<Payload> {
  const right = nearly(schema).map((value): Payload => ({ text: JSON.stringify(value) ?? '', type: json }))
  return fc.oneof(
    { weight: 12, arbitrary: right },
    { weight: 2, arbitrary: nearly(schema).map(asForm) },
    {
      weight: 1,
      arbitrary: right.map(({ text }) => ({ text: text.slice(0, Math.ceil(text.length / 2)), type: json })),
    },
    { weight: 1, arbitrary: right.map(({ text }) => ({ text: `${text}${text}`, type: json })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          right,
          fc.constantFrom('text/xml', 'text/plain', 'multipart/form-data', 'application/json; charset=utf-16', '?'),
        )
        .map(([{ text }, type]) => ({ text, type })),
    },
    { weight: 1, arbitrary: right.map(({ text }) => ({ text })) },
    { weight: 1, arbitrary: fc.constantFrom(...oddBodies).map((text) => ({ text, type: json })) },
  )
}

const oddBodies = [
  '',
  'null',
  'true',
  '0',
  '""',
  '[]',
  '{}',
  '{',
  '[{}',
  '{"a":1,}',
  "{'a':1}",
  '{"method":"password","method":"code"}',
  '\ufeff{}',
  '{"a":1e999}',
  '{"a":"\\ud800"}',
  '{"a":\u0000}',
]

function asForm(value: unknown): Payload {
  const flat = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const pairs = flat.flatMap(([key, inner]): [string, string][] =>
    typeof inner === 'object' && inner !== null
      ? Object.entries(inner).map(([sub, leaf]): [string, string] => [`${key}.${sub}`, plain(leaf)])
      : [[key, plain(inner)]],
  )
  const text = pairs.map(([key, inner]) => `${escaped(key)}=${escaped(inner)}`).join('&')
  return { text, type: 'application/x-www-form-urlencoded' }
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Percent-encodes a text, replacing lone surrogates, for which encodeURIComponent throws a URIError. */
function escaped(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'))
}
