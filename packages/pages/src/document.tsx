import type { ComponentChildren } from 'preact'
import { pageIcon, pageScript, pageStyle } from './assets.ts'
import { safeHref } from './flow/node.tsx'
import type { View } from './page.ts'
import { themeStylesheet } from './theme.ts'
import { word } from './words.ts'

interface DocumentProps {
  view: View
  title: string
  /** Prefixes the title with "Error:", so that screen readers announce it first. */
  invalid?: boolean
  /** Narrow: a single card that contains the brand. Wide: a header with the brand and the account navigation. */
  layout?: 'narrow' | 'wide'
  /** The current entry of the account navigation. */
  current?: 'settings' | 'sessions'
  children: ComponentChildren
}

/** The HTML document around the content of a page. */
export function Document({ view, title, invalid, layout = 'narrow', current, children }: DocumentProps) {
  const { language, basePath, project } = view
  const fullTitle = `${title} · ${project.name}`
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>{invalid ? word(language, 'errorPrefix', { title: fullTitle }) : fullTitle}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href={basePath + pageStyle.path} />
        {view.theme && <link rel="stylesheet" href={basePath + themeStylesheet(view.theme).path} />}
        <link rel="icon" type="image/svg+xml" href={basePath + pageIcon.path} />
        <script src={basePath + pageScript.path} defer />
      </head>
      <body class={`layout-${layout}`}>
        {view.acting && <ActingBanner view={view} by={view.acting.by} />}
        {layout === 'wide' ? (
          <>
            <a class="skip" href="#content">
              {word(language, 'skipToContent')}
            </a>
            <header class="bar">
              <Brand view={view} />
              {current && <AccountNav view={view} current={current} />}
            </header>
            <main class="stack" id="content">
              {children}
            </main>
          </>
        ) : (
          <main class="card">
            <Brand view={view} />
            {children}
          </main>
        )}
        <Footer view={view} />
      </body>
    </html>
  )
}

/** Says that somebody else acts in the session, which ends with the button. */
function ActingBanner({ view: { language, links, csrf }, by }: { view: View; by: string }) {
  return (
    <aside class="acting" aria-label={word(language, 'actingLabel')}>
      <p>{word(language, 'acting', { by })}</p>
      <form method="post" action={safeHref(links.logout ?? '#')}>
        <input type="hidden" name="csrf_token" value={csrf} />
        <button type="submit">{word(language, 'endActing')}</button>
      </form>
    </aside>
  )
}

function Brand({ view: { project } }: { view: View }) {
  if (!project.logoUrl) {
    return (
      <p class="brand">
        <span class="monogram" aria-hidden="true">
          {[...project.name.trim()][0]?.toUpperCase()}
        </span>
        <span class="brand-name">{project.name}</span>
      </p>
    )
  }
  return (
    <p class="brand">
      <picture>
        {project.logoDarkUrl && <source srcset={project.logoDarkUrl} media="(prefers-color-scheme: dark)" />}
        <img class="logo" src={project.logoUrl} alt={project.name} />
      </picture>
    </p>
  )
}

function AccountNav({ view, current }: { view: View; current: 'settings' | 'sessions' }) {
  const { language, links } = view
  return (
    <nav class="nav" aria-label={word(language, 'settingsNav')}>
      {(['settings', 'sessions'] as const).map(
        (key) =>
          links[key] && (
            <a key={key} href={safeHref(links[key])} aria-current={key === current ? 'page' : undefined}>
              {word(language, key)}
            </a>
          ),
      )}
      {links.logout && <a href={safeHref(links.logout)}>{word(language, 'signOut')}</a>}
    </nav>
  )
}

function Footer({ view: { language, links } }: { view: View }) {
  const shown = (['privacy', 'terms', 'contact'] as const).filter((key) => links[key])
  if (shown.length === 0) return null
  return (
    <footer class="footer">
      {shown.map((key) => (
        <a key={key} href={safeHref(links[key] ?? '#')}>
          {word(language, key)}
        </a>
      ))}
    </footer>
  )
}
