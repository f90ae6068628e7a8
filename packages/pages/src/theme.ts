import { type Asset, asset } from './asset.ts'

/** CSS variables by name (`--brand-500`), as in Ory's account experience theme. */
export type ThemeVariables = Readonly<Record<string, string>>

/** The theme of a project: overrides of the default variables for the light and the dark color scheme. */
export interface Theme {
  light?: ThemeVariables
  dark?: ThemeVariables
}

const maxVariables = 400
const name = /^--[a-z0-9-]{1,80}$/
// Excludes characters that end the declaration or start a comment or an escape, and functions that load a URL.
const value = /^(?!.*(url|image-set|src|expression)\s*\()[\w\s#%.,()/+*'"-]{1,200}$/i
const both = /^--(brand|border-radius)-/

/**
 * The theme of a project as a separate stylesheet, because pages have no inline style.
 * Brand colors and radii of the light theme also apply to the dark one unless it overrides them; all other
 * variables apply to their color scheme only. Names and values with other than the allowed characters are omitted.
 */
export function themeStylesheet(theme: Theme): Asset {
  const light = declarations(theme.light)
  const dark = declarations(theme.dark)
  const shared = light.filter((line) => both.test(line))
  const body = [
    rule(shared),
    surroundings(
      'light',
      light.filter((line) => !both.test(line)),
    ),
    surroundings('dark', dark),
  ].join('')
  return asset('theme', 'css', body)
}

function declarations(variables: ThemeVariables = {}): string[] {
  const plain = Object.entries(variables).filter(
    ([key, text]) => name.test(key) && typeof text === 'string' && value.test(text) && !text.includes('/*'),
  )
  return plain.slice(0, maxVariables).map(([key, text]) => `${key}:${text.trim()};`)
}

function rule(lines: string[]): string {
  return lines.length > 0 ? `:root{${lines.join('')}}` : ''
}

function surroundings(scheme: 'light' | 'dark', lines: string[]): string {
  return lines.length > 0 ? `@media (prefers-color-scheme:${scheme}){${rule(lines)}}` : ''
}
