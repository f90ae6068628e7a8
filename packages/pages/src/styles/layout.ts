/** Page layout: background, card, brand, account navigation, headings, sections. */
export const layout = `
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh;
  background: var(--ory-background-default); color: var(--ory-foreground-default);
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  -webkit-font-smoothing: antialiased; overflow-wrap: break-word;
}
h1, h2, h3, p, ul, dl, dd, pre, figure { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.018em; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.4; font-weight: 620; letter-spacing: -0.006em; }
h3 { font-size: 0.875rem; line-height: 1.4; font-weight: 600; }
strong { font-weight: 600; }
code, pre { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
a { color: var(--button-link-brand-brand); text-underline-offset: 0.2em; text-decoration-thickness: from-font; }
a:hover { color: var(--button-link-brand-brand-hover); }
:focus-visible { outline: 2px solid var(--interface-border-brand-brand); outline-offset: 2px; border-radius: 4px; }
.muted { color: var(--interface-foreground-default-tertiary); font-size: 0.875rem; }
.lead { color: var(--interface-foreground-default-secondary); text-wrap: pretty; }
.visually-hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 1; padding: 0.625rem 1rem;
  background: var(--form-background-default); border-radius: var(--border-radius-buttons); }
.skip:focus { top: 0.75rem; }

.acting { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 0.5rem 1rem;
  width: 100%; padding: 0.625rem 1rem; margin-bottom: 1rem; border: 2px solid var(--form-border-default);
  background: var(--form-background-default); color: var(--ory-foreground-default); font-weight: 600; }

.layout-narrow { display: flex; flex-direction: column; align-items: center; justify-content: center; padding: 2.5rem 1rem; }
.card {
  width: 100%; max-width: 26.5rem; display: flex; flex-direction: column; gap: 1.25rem; padding: 2.25rem;
  background: var(--form-background-default); border: 1px solid var(--form-border-default);
  border-radius: var(--border-radius-cards); box-shadow: var(--latchkey-shadow);
}
.card > h1 + .lead, .card > h1 + .messages .message-info { margin-top: -0.625rem; }
.brand { display: flex; align-items: center; gap: 0.625rem; min-width: 0; }
.card > .brand { margin-bottom: 0.5rem; }
.monogram {
  display: grid; place-items: center; flex: none; width: 2rem; height: 2rem; font-size: 1rem; font-weight: 650; line-height: 1;
  border-radius: var(--border-radius-branding);
  background: var(--interface-background-brand-primary); color: var(--interface-foreground-brand-on-primary);
}
.brand-name { font-weight: 620; letter-spacing: -0.01em; min-width: 0; }
.logo { display: block; max-width: 11rem; max-height: 2.5rem; width: auto; height: auto; }
.footer { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1.25rem; margin-top: 1rem; font-size: 0.875rem; }
.footer a { color: var(--interface-foreground-default-secondary); padding: 0.75rem 0.25rem; text-decoration: none; }
.footer a:hover { text-decoration: underline; }

.layout-wide { padding: 0 1rem 4rem; }
.bar, .stack { width: 100%; max-width: 46rem; margin: 0 auto; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.25rem 1.5rem; padding: 1.25rem 0 0.5rem; }
.nav { display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 0 -0.75rem; }
.nav a {
  display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 0.75rem; font-size: 0.9375rem; font-weight: 500;
  color: var(--button-link-default-secondary); text-decoration: none; border-radius: var(--border-radius-buttons);
}
.nav a:hover { background: var(--interface-background-default-secondary-hover); color: var(--ory-foreground-default); }
.nav a[aria-current] { color: var(--ory-foreground-default); font-weight: 600; box-shadow: inset 0 -2px var(--interface-border-brand-brand); border-radius: 0; }
.stack { display: flex; flex-direction: column; gap: 1.25rem; }
.heading { display: flex; flex-direction: column; gap: 0.375rem; padding: 1.5rem 0 0.5rem; }
.heading-actions { flex-direction: row; flex-wrap: wrap; align-items: flex-end; justify-content: space-between; gap: 0.75rem 1.5rem; }
.heading-actions > div { flex: 1 1 14rem; }
.heading h1 { font-size: 1.75rem; }
.section {
  padding: 1.75rem; background: var(--form-background-default); border: 1px solid var(--form-border-default);
  border-radius: var(--border-radius-cards);
}
.section-head p, .section-list > p { color: var(--interface-foreground-default-secondary); font-size: 0.9375rem; text-wrap: pretty; }
.section-head { margin-bottom: 1.25rem; }
.section-list > * + * { margin-top: 0.875rem; }
.empty { color: var(--interface-foreground-default-secondary); text-align: center; padding: 3rem 1.75rem; }
@media (min-width: 44rem) {
  .section:has(> .section-head) { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 2rem; }
  .section-head { margin: 0; }
  .section-body .button { align-self: flex-start; width: auto; min-width: 7rem; }
}
@media (max-width: 30rem) {
  .layout-narrow { justify-content: flex-start; padding: 0; background: var(--form-background-default); }
  .card { max-width: none; padding: 1.75rem 1.25rem; border: 0; border-radius: 0; box-shadow: none; }
  .section { padding: 1.25rem; }
}
`
