import { type Asset, asset } from './asset.ts'

/** CSS variables by name (`--brand-500`), as in Ory's account experience. */
export type ThemeVariables = Readonly<Record<string, string>>

/** A project's theme: what differs from ours, for light and for dark surroundings. */
export interface Theme {
  light?: ThemeVariables
  dark?: ThemeVariables
}

const maxVariables = 400
const name = /^--[a-z0-9-]{1,80}$/
// No character that could end the declaration, open a comment or an escape, or fetch an address.
const value = /^(?!.*(url|image-set|src|expression)\s*\()[\w\s#%.,()/+*'"-]{1,200}$/i
const both = /^--(brand|border-radius)-/

/**
 * A project's theme as a stylesheet with an address of its own, as pages have no inline style.
 * Brand colors and radii given for light hold in the dark too, unless the dark theme has its own; all other
 * variables hold for their own surroundings only. Names and values that are not plain ones are left out.
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
