import { expect, it } from 'vitest'
import { createLogger } from './log.ts'

function logged(write: (log: ReturnType<typeof createLogger>) => void, level = 'info'): string {
  const lines: string[] = []
  write(createLogger({ level }, { write: (line) => void lines.push(line) }))
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
  const text = logged((log) => {
    log.info({ [name]: 'swordfish' }, 'one')
    log.info({ body: { [name]: 'swordfish' } }, 'two')
    log.info({ request: { headers: { [name]: 'swordfish' } } }, 'three')
  })
  expect(text).not.toContain('swordfish')
  expect(text.match(/\[secret\]/g)).toHaveLength(3)
})

it('shows the code of an error, which is no secret', () => {
  const error = Object.assign(new Error('no route'), { code: 'ECONNREFUSED', password: 'swordfish' })
  const text = logged((log) => log.error({ err: error }, 'unreachable'))
  expect(JSON.parse(text).err).toMatchObject({ code: 'ECONNREFUSED', message: 'no route', password: '[secret]' })
})

it('hides the code of anything else', () => {
  expect(logged((log) => log.info({ mail: { code: '402118' } }, 'sent'))).not.toContain('402118')
})

it('knows the names of levels that a Kratos configuration uses', () => {
  const write = (log: ReturnType<typeof createLogger>) => {
    log.info('quiet')
    log.warn('loud')
  }
  expect(logged(write, 'warning')).not.toContain('quiet')
  expect(logged(write, 'warning')).toContain('loud')
  expect(logged(write, 'panic')).toBe('')
})
