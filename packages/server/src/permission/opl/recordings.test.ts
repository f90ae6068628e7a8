import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseOpl } from './parse.ts'

const golden = new URL('../../../../../test/golden/', import.meta.url)
const scenarios = new URL('scenarios/permission/', golden)
const files = readdirSync(scenarios).filter((name) => name.startsWith('syntax-') && name.endsWith('.mjs'))

interface Player {
  syntax(method: string, path: string, request: { text: string }): void
}

interface Place {
  Line: number
  column: number
}

interface Answer {
  body: { errors?: { start: Place; end: Place }[] }
}

describe('what Keto answered', () => {
  for (const file of files) {
    const name = file.replace('.mjs', '')
    it(`is what we answer: ${name}`, async () => {
      const scenario: { default: (player: Player) => Promise<void> } = await import(new URL(file, scenarios).href)
      const answers: unknown[] = []
      await scenario.default({ syntax: (_method, _path, { text }) => answers.push(places(text)) })
      expect(answers).toEqual(recorded(name))
    })
  }
})

function places(text: string) {
  const keyed = ({ line, column }: { line: number; column: number }) => ({ Line: line, column })
  return parseOpl(text).errors.map(({ start, end }) => ({ start: keyed(start), end: keyed(end) }))
}

function recorded(name: string) {
  const answers: Answer[] = JSON.parse(readFileSync(new URL(`expected/permission/${name}.json`, golden), 'utf8'))
  return answers.map(({ body }) => (body.errors ?? []).map(({ start, end }) => ({ start, end })))
}
