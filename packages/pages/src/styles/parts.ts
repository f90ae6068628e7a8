/** Components of individual pages: lists, badges, codes, snippets, details. */
export const parts = `
.list > li + li { border-top: 1px solid var(--ory-border-default); }
.row { display: flex; align-items: center; gap: 0.75rem 1rem; padding: 0.875rem 0; min-height: 2.75rem; }
.row-text { display: flex; flex-direction: column; flex: 1; min-width: 0; overflow-wrap: anywhere; }
.row-link { margin: 0 -0.875rem; padding: 0.875rem; color: inherit; text-decoration: none; border-radius: var(--border-radius-general); }
.row-link:hover { background: var(--interface-background-default-primary-hover); color: inherit; }
.section-list > .list { margin-top: 0.25rem; }
.section-list > .list:last-child { margin-bottom: -0.875rem; }
.section.list { padding-top: 0.5rem; padding-bottom: 0.5rem; }
.chevron { flex: none; width: 0.5rem; height: 0.5rem; margin-right: 0.25rem; transform: rotate(45deg);
  border: solid var(--interface-foreground-default-tertiary); border-width: 1.5px 1.5px 0 0; }
.badge {
  display: inline-block; padding: 0.0625rem 0.5rem; border-radius: 1rem; font-size: 0.8125rem; line-height: 1.5; white-space: nowrap;
  background: var(--interface-background-default-tertiary); color: var(--interface-foreground-default-secondary);
}
.badge-good { background: var(--interface-background-validation-success); color: var(--interface-foreground-validation-success); }
.badge-code { padding: 0.25rem 0.625rem; border-radius: var(--border-radius-general); font-size: 0.9375rem; font-weight: 570; font-variant-numeric: tabular-nums;
  background: var(--interface-background-brand-secondary); color: var(--interface-foreground-brand-on-secondary); }
.addresses { margin-top: 1.5rem; padding-top: 1.25rem; border-top: 1px solid var(--ory-border-default); }
.addresses li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; min-height: 2.75rem; font-size: 0.9375rem; }
.addresses a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.keys { margin-bottom: 1rem; }
.keys li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; padding: 0.625rem 0; }
.keys li + li { border-top: 1px solid var(--ory-border-default); }
.keys small { font-size: 0.875rem; color: var(--interface-foreground-default-secondary); }
.keys .button { width: auto; }
.address { overflow-wrap: anywhere; min-width: 0; }
.picture img { display: block; max-width: 100%; height: auto; padding: 0.75rem; background: #ffffff; border-radius: var(--border-radius-general); border: 1px solid var(--ory-border-default); }
.secret code, .mail-code code { font-size: 1.0625rem; letter-spacing: 0.06em; overflow-wrap: anywhere; user-select: all; }
.codes { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 0.5rem 1rem; padding: 0.875rem 1rem;
  background: var(--interface-background-default-tertiary); border-radius: var(--border-radius-general); }
.codes s { color: var(--interface-foreground-default-secondary); }
.details { font-size: 0.875rem; color: var(--interface-foreground-default-secondary); border-top: 1px solid var(--ory-border-default); padding-top: 0.5rem; }
.details summary { display: flex; align-items: center; min-height: 2.75rem; cursor: pointer; }
.details summary::marker { content: ""; }
.details summary::before { content: ""; width: 0.4375rem; height: 0.4375rem; margin: 0 0.75rem 0 0.125rem; border: solid currentColor; border-width: 1.5px 1.5px 0 0; transform: rotate(45deg); }
.details[open] summary::before { transform: rotate(135deg); }
.details dl { display: grid; gap: 0.75rem; padding: 0.25rem 0 0.5rem; }
.details dt { font-size: 0.8125rem; color: var(--interface-foreground-default-tertiary); }
.details dd { overflow-wrap: anywhere; color: var(--interface-foreground-default-primary); }
.snippet { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0.75rem; }
.snippet pre {
  flex: 1 1 16rem; min-width: 0; padding: 0.8125rem 1rem; font-size: 0.8125rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--interface-background-default-tertiary); border-radius: var(--border-radius-general);
}
.back a { display: inline-flex; align-items: center; min-height: 2.75rem; font-size: 0.9375rem; text-decoration: none; }
.back a::before { content: ""; width: 0.4375rem; height: 0.4375rem; margin-right: 0.625rem; border: solid currentColor; border-width: 0 0 1.5px 1.5px; transform: rotate(45deg); }
.mail-code { display: flex; align-items: center; gap: 0.75rem; }
.mail-code code { padding: 0.375rem 0.75rem; border-radius: var(--border-radius-general); font-weight: 600; letter-spacing: 0.12em;
  background: var(--interface-background-brand-secondary); color: var(--interface-foreground-brand-on-secondary); }
.mail-text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.6; }
.mail-frame { display: block; width: 100%; height: 32rem; border: 1px solid var(--ory-border-default); border-radius: var(--border-radius-general); background: #ffffff; color-scheme: light; }
.client-logo img { display: block; width: 4rem; height: 4rem; object-fit: contain; border-radius: var(--border-radius-general); }
.scopes-title { font-size: 0.9375rem; font-weight: 570; }
.scopes { margin-top: 0.5rem; }
.scopes li { display: flex; gap: 0.75rem; padding: 0.5rem 0; overflow-wrap: anywhere; }
.scopes li + li { border-top: 1px solid var(--ory-border-default); }
.scopes li > span { min-width: 0; }
.scopes li::before { content: ""; flex: none; width: 0.375rem; height: 0.75rem; margin: 0.25rem 0.25rem 0 0.25rem; transform: rotate(45deg);
  border: solid var(--interface-foreground-brand-primary, currentColor); border-width: 0 2px 2px 0; }
.client-foot { display: grid; gap: 0.25rem; font-size: 0.875rem; color: var(--interface-foreground-default-secondary); }
.client-foot a { display: inline-flex; align-items: center; min-height: 2.75rem; margin-right: 1.25rem; }
@media (max-width: 30rem) { .row { flex-wrap: wrap; } .row > .row-text { flex-basis: 14rem; } .row-link { flex-wrap: nowrap; } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .monogram, .badge, .message { border: 1px solid; } }
`
