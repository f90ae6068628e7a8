import { describe, expect, it } from 'vitest'
import { createLogger, type LogSettings } from './log.ts'

function logOutput(
  write: (log: ReturnType<typeof createLogger>) => void,
  level = 'info',
  more: Partial<LogSettings> = {},
): string {
  const lines: string[] = []
  write(createLogger({ level, ...more }, { write: (line) => void lines.push(line) }))
  return lines.join('')
}

it.each([
  'password',
  'token',
  'session_token',
  'code',
  'cookie',
  'set-cookie',
  'authorization',
  'csrf_token',
  'secret',
])('hides what is called %s, also two levels down', (name) => {
  const text = logOutput((log) => {
    log.info({ [name]: 'swordfish' }, 'one')
    log.info({ body: { [name]: 'swordfish' } }, 'two')
    log.info({ request: { headers: { [name]: 'swordfish' } } }, 'three')
  })
  expect(text).not.toContain('swordfish')
  expect(text.match(/\[secret\]/g)).toHaveLength(3)
})

it('shows the code of an error, which is no secret', () => {
  const error = Object.assign(new Error('no route'), { code: 'ECONNREFUSED', password: 'swordfish' })
  const text = logOutput((log) => log.error({ err: error }, 'unreachable'))
  expect(JSON.parse(text).err).toMatchObject({ code: 'ECONNREFUSED', message: 'no route', password: '[secret]' })
})

it('hides the code of anything else', () => {
  expect(logOutput((log) => log.info({ mail: { code: '402118' } }, 'sent'))).not.toContain('402118')
})

it('knows the names of levels that a Kratos configuration uses', () => {
  const write = (log: ReturnType<typeof createLogger>) => {
    log.info('quiet')
    log.warn('loud')
  }
  expect(logOutput(write, 'warning')).not.toContain('quiet')
  expect(logOutput(write, 'warning')).toContain('loud')
  expect(logOutput(write, 'panic')).toBe('')
})

describe('lines', () => {
  const write = (log: ReturnType<typeof createLogger>) =>
    log.warn({ status: 500, id: 'x', who: { name: 'A "b"' }, token: 'swordfish' }, 'it failed')

  it('are key=value pairs in text', () => {
    const line = logOutput(write, 'info', { format: 'text' })
    expect(line).toMatch(
      /^time=\d{4}-\d\d-\d\dT\S+Z level=warning msg="it failed" status=500 id=x who="\{.*\}" token="\[secret\]"\n$/,
    )
  })

  it('are messages of GELF 1.1', () => {
    const message = JSON.parse(logOutput(write, 'info', { format: 'gelf' }))
    expect(message).toMatchObject({ version: '1.1', short_message: 'it failed', level: 4, _status: 500, __id: 'x' })
    expect(message._who).toBe('{"name":"A \\"b\\""}')
    expect(Math.abs(message.timestamp - Date.now() / 1000)).toBeLessThan(60)
  })

  it('are objects over several lines in pretty JSON', () => {
    const text = logOutput(write, 'info', { format: 'json_pretty' })
    expect(text).toContain('\n  "msg": "it failed"')
    expect(JSON.parse(text)).toMatchObject({ status: 500 })
  })

  it('say what the configuration wants in place of secrets', () => {
    expect(JSON.parse(logOutput(write, 'info', { redaction_text: 'hidden' })).token).toBe('hidden')
  })
})
