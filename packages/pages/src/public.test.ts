import { describe, expect, it } from 'vitest'
import { pages, view } from '../test/fixtures.ts'
import { assets, contentSecurityPolicy, renderPage, themeStylesheet } from './index.ts'

describe('assets', () => {
  it('are named by the hash of their content', () => {
    expect(assets.map((asset) => asset.path)).toEqual([
      expect.stringMatching(/^\/assets\/pages\.[0-9a-f]{12}\.css$/),
      expect.stringMatching(/^\/assets\/pages\.[0-9a-f]{12}\.js$/),
      expect.stringMatching(/^\/assets\/icon\.[0-9a-f]{12}\.svg$/),
    ])
  })

  it('have a script with valid syntax, and declare all CSS variables', () => {
    const [style, script] = assets
    expect(() => new Function(script?.body ?? 'not a script')).not.toThrow()
    const declared = new Set([...(style?.body ?? '').matchAll(/(--[\w-]+):/g)].map((match) => match[1]))
    const used = [...(style?.body ?? '').matchAll(/var\((--[\w-]+)\)/g)].map((match) => match[1])
    expect(used.length).toBeGreaterThan(50)
    for (const name of used) expect(declared).toContain(name)
  })
})

describe('themeStylesheet', () => {
  it('assigns variables to their color schemes', () => {
    const { body } = themeStylesheet({
      light: { '--brand-500': '#0a7', '--interface-background-default-primary': '#fffdf8' },
      dark: { '--brand-500': 'hsl(160 80% 40%)' },
    })
    expect(body).toBe(
      ':root{--brand-500:#0a7;}' +
        '@media (prefers-color-scheme:light){:root{--interface-background-default-primary:#fffdf8;}}' +
        '@media (prefers-color-scheme:dark){:root{--brand-500:hsl(160 80% 40%);}}',
    )
  })

  it.each([
    ['--x', 'red;} body{display:none'],
    ['--x', 'url(https://evil.example/)'],
    ['--x', 'URL (//evil.example)'],
    ['--x', 'red/* */'],
    ['--x', '\\72 ed'],
    ['--x', 'a'.repeat(500)],
    ['--x}body{', 'red'],
    ['color', 'red'],
  ])('leaves out %j: %j', (name, value) => {
    expect(themeStylesheet({ light: { [name]: value } }).body).toBe('')
  })

  it('is linked from the pages of its project', () => {
    const theme = { light: { '--brand-500': '#0a7' } }
    expect(renderPage({ kind: 'logout', state: 'done' }, { ...view, theme })).toContain(
      `/ui${themeStylesheet(theme).path}`,
    )
  })
})

describe('contentSecurityPolicy', () => {
  const login = pages.login ?? { kind: 'logout', state: 'done' }

  it('allows nothing inline and nothing from other origins', () => {
    const policy = contentSecurityPolicy(login, view)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("form-action 'self' http://localhost:4000;")
    expect(policy).toContain("frame-ancestors 'none'")
  })

  it.each([
    ['turnstile', 'https://challenges.cloudflare.com'],
    ['hcaptcha', 'https://*.hcaptcha.com'],
    ['recaptcha', 'https://www.google.com/recaptcha/'],
  ])('allows the script and frame of %s only on a page with its captcha', (name, source) => {
    if (!('flow' in login)) throw new Error('the page has no flow')
    const { flow } = login
    const attributes = { node_type: 'input' as const, name: `captcha_${name}_options`, type: 'hidden', value: '{}' }
    const nodes = [...flow.ui.nodes, { type: 'input', group: 'captcha', attributes, messages: [], meta: {} }]
    const policy = contentSecurityPolicy({ ...login, flow: { ...flow, ui: { ...flow.ui, nodes } } }, view)
    for (const directive of ['script-src', 'frame-src'])
      expect(policy.split('; ').find((one) => one.startsWith(directive))).toContain(source)
    expect(policy).not.toContain('unsafe')
    const elsewhere = nodes.map((node) => ({ ...node, group: 'profile' }))
    for (const page of [login, { ...login, flow: { ...flow, ui: { ...flow.ui, nodes: elsewhere } } }])
      expect(contentSecurityPolicy(page, view)).not.toMatch(/frame-src|cloudflare|hcaptcha|google/)
  })

  it('allows the logo and form targets, and excludes values that would add a directive', () => {
    const branded = { ...view, project: { name: 'P', logoUrl: 'https://cdn.example.org/logo.svg' } }
    const policy = contentSecurityPolicy(login, branded, [
      'https://app.example.org',
      'https:',
      "'unsafe-inline'",
      'x; script-src *',
    ])
    expect(policy).toContain("img-src 'self' data: https://cdn.example.org;")
    expect(policy).toContain("form-action 'self' http://localhost:4000 https://app.example.org https:;")
    expect(policy).not.toContain('unsafe-inline')
    expect(policy.match(/script-src/g)).toHaveLength(1)
  })
})
