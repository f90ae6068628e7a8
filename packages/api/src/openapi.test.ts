import { describe, expect, it } from 'vitest'
import { api } from './api.ts'
import { openApi } from './openapi.ts'

const ours = openApi(api, { title: 'Latchkey', version: '0.0.0' })

describe('the OpenAPI document', () => {
  it('declares each operation under its own id', () => {
    const ids = Object.values(ours.paths).flatMap((methods) => Object.values(methods).map((o) => o.operationId))
    expect(ids.sort()).toEqual(Object.keys(api).sort())
    for (const [id, operation] of Object.entries(api)) expect(operation.id).toBe(id)
  })

  it('names the parameters of each path', () => {
    for (const [path, methods] of Object.entries(ours.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(inPath)
      }
    }
  })

  it('references only models that it defines', () => {
    const references = [...JSON.stringify(ours).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)
    for (const name of references) expect(ours.components.schemas).toHaveProperty([String(name)])
  })
})
