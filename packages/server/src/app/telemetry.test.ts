import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCourierTest, queueCode } from '../../test/courier.ts'
import { openApp } from '../../test/running.ts'
import { defaultProject } from '../configuration/index.ts'
import { createChannels } from '../courier/channels.ts'
import { deliverDue } from '../courier/deliver.ts'
import { listMailbox, loadCourier } from '../courier/index.ts'

describe('metrics', () => {
  let server: Awaited<ReturnType<typeof openApp>>
  beforeAll(async () => {
    server = await openApp()
  })
  afterAll(() => server.close())
  const metrics = () =>
    server.call('GET', '/metrics/prometheus', { headers: { authorization: `Bearer ${server.token}` } })

  it('are for holders of a token only, where there is one origin', async () => {
    expect((await server.call('GET', '/metrics/prometheus')).status).toBe(401)
    const { status, headers } = await metrics()
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^text\/plain; version=/)
  })

  it('tell how long requests took by route and class of status, never by what a path held', async () => {
    await server.call('GET', '/sessions/whoami')
    await server.call('GET', '/self-service/login/flows?id=secret-in-query')
    await server.call('GET', '/a/path/that/nobody/knows')
    const { body } = await metrics()
    expect(body).toContain(
      'http_requests_duration_seconds_count{method="GET",endpoint="/sessions/whoami",code="4xx"} 1',
    )
    expect(body).toContain(
      'http_requests_duration_seconds_bucket{le="+Inf",method="GET",endpoint="/sessions/whoami",code="4xx"} 1',
    )
    expect(body).toContain('endpoint="none",code="4xx"} 1')
    expect(body).not.toMatch(/secret-in-query|nobody/)
  })

  it('tell of the process, of hashing and of mail that waits', async () => {
    const { body } = await metrics()
    expect(body).toMatch(/process_cpu_user_seconds_total \d/)
    expect(body).toContain('latchkey_hashing_passwords{state="waiting"} 0')
    expect(body).toContain('latchkey_courier_messages{status="queued"} 0')
    expect(body).toContain('# TYPE latchkey_courier_deliveries_total counter')
    expect(body).toMatch(/latchkey_build_info\{version="\d+\.\d+\.\d+.*"\} 1/)
  })
})

describe('metrics of messages', () => {
  it('count deliveries and custom templates that failed by template', async () => {
    const courier = await openCourierTest('memory')
    const subject = `base64://${Buffer.from('{{ index .Identity.traits.tags 5 }}').toString('base64')}`
    const ctx = await courier.project({ templates: { login_code: { valid: { email: { subject } } } } })
    expect(await loadCourier(ctx.config.identity.courier, { folder: undefined, fetch: ctx.fetch })).toEqual([])
    const server = await openApp()
    const counted = async (name: string) => {
      const { body } = await server.call('GET', '/metrics/prometheus', {
        headers: { authorization: `Bearer ${server.token}` },
      })
      return Number(new RegExp(`^${name.replace('{', '\\{')} (\\d+)$`, 'm').exec(body)?.[1] ?? 0)
    }
    const sent = 'latchkey_courier_deliveries_total{template_type="login_code_valid",outcome="sent"}'
    const failed = 'latchkey_courier_template_failures_total{template_type="login_code_valid",part="subject"}'
    const before = [await counted(sent), await counted(failed)]
    await queueCode(ctx, 'reader@harbour.example')
    await deliverDue(courier, createChannels())
    expect([await counted(sent), await counted(failed)]).toEqual(before.map((count) => count + 1))
    await server.close()
    await courier.close()
  })
})

describe('metrics in drop-in mode', () => {
  it('are on the admin listener without a token, and on no other', async () => {
    const loaded = {
      ...(await defaultProject({ port: 4000, mode: 'dev' })),
      mode: 'drop-in' as const,
      originals: ['kratos'] as const,
    }
    const server = await openApp({ loaded })
    expect((await server.call('GET', '/metrics/prometheus', { listener: 'admin' })).status).toBe(200)
    expect((await server.call('GET', '/metrics/prometheus')).status).toBe(404)
    await server.close()
  })
})

describe('the request log', () => {
  it('has a line for each request and no secret in any of them', { timeout: 60_000 }, async () => {
    const server = await openApp()
    const [email, password] = ['ada@harbour.example', 'a-long-quay-at-low-tide']
    const headers = { 'x-request-id': 'berth-7' }
    const signedUp = await server.flow('registration', [{ method: 'password', password, traits: { email } }], {
      headers,
    })
    expect(signedUp.status).toBe(200)
    const token: string = signedUp.body.session_token
    await server.call('GET', `/sessions/whoami?token=${token}`, {
      headers: { 'x-session-token': token, cookie: 'theme=cookie-value-of-ada' },
    })
    await server.call('GET', `/${token}`)
    const recovery = await server.call('GET', '/self-service/recovery/api')
    const submit = (json: object) => server.call('POST', `/self-service/recovery?flow=${recovery.body.id}`, { json })
    await submit({ method: 'code', email })
    const code = await codeIn(server)
    expect(code).toMatch(/^\d{6}$/)
    await submit({ method: 'code', code: '000000' })
    expect((await submit({ method: 'code', code })).status).toBe(200)
    await server.call('GET', '/admin/identities', { headers: { authorization: `Bearer ${server.token}` } })
    await server.close()

    const log = server.lines.join('')
    const requests = server.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
    expect(requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toContain(
      'GET /sessions/whoami 200',
    )
    expect(requests[1]).toMatchObject({
      request_id: 'berth-7',
      project: 'default',
      method: 'POST',
      route: '/self-service/registration',
      status: 200,
      duration_ms: expect.any(Number),
    })
    expect(requests.filter(({ path }) => path === undefined)).toMatchObject([{ status: 404 }])
    for (const secret of [password, token, code, server.token, 'cookie-value-of-ada']) expect(log).not.toContain(secret)
  })

  it('leaves out what load balancers ask, where it is told to', async () => {
    const loaded = await defaultProject(
      { port: 4000, mode: 'dev' },
      { SERVE_PUBLIC_REQUEST_LOG_DISABLE_FOR_HEALTH: 'true' },
    )
    for (const [options, lines] of [[{ loaded }, 0] as const, [{}, 1] as const]) {
      const server = await openApp(options)
      await server.call('GET', '/health/alive')
      await server.close()
      expect(server.lines.filter((line) => line.includes('/health/alive'))).toHaveLength(lines)
    }
  })
})

describe('traces', () => {
  it('go to the OTLP address that the environment names, below the span of the caller', async () => {
    const received: { path: string; key: unknown; spans: Span[]; resource: string }[] = []
    const collector = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk) => {
        text += chunk
      })
      request.on('end', () => {
        const [found] = JSON.parse(text).resourceSpans
        const spans = found.scopeSpans[0].spans
        received.push({
          path: request.url ?? '',
          key: request.headers['x-key'],
          spans,
          resource: JSON.stringify(found.resource),
        })
        response.end('{}')
      })
    }).listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: 'harbour',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
    }
    const server = await openApp({ env })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await server.call('GET', '/sessions/whoami?x=secret-in-query', { headers: { traceparent } })
    await server.call('GET', '/health/alive')
    await server.close()
    collector.close()

    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({ path: '/v1/traces', key: 'a b' })
    expect(received[0]?.resource).toContain('harbour')
    const [whoami, alive] = received[0]?.spans ?? []
    expect(whoami).toMatchObject({
      name: 'GET /sessions/whoami',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    })
    expect(JSON.stringify(whoami)).toContain('"http.response.status_code","value":{"intValue":401}')
    expect(alive?.traceId).not.toBe(whoami?.traceId)
    expect(JSON.stringify(received)).not.toContain('secret-in-query')
  })

  it.each([
    ['nothing asks for them', {}],
    ['they are switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }],
  ])('are not there when %s', async (_, env) => {
    const { startTraces } = await import('../kernel/traces/index.ts')
    expect(await startTraces(env)).toBeUndefined()
  })
})

interface Span {
  name: string
  traceId: string
  parentSpanId?: string
}

/** The code of the newest message. */
async function codeIn(server: Awaited<ReturnType<typeof openApp>>): Promise<string> {
  const [mail] = await listMailbox(server.app.ctx)
  return /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? 'no code came'
}
