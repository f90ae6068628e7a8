/** Forms: fields, messages, buttons, the divider between methods. */
export const form = `
.form { display: flex; flex-direction: column; gap: 1.125rem; }
.field { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.375rem; }
.field > label { font-size: 0.875rem; font-weight: 550; line-height: 1.4; }
.field-aside { grid-template-columns: minmax(0, 1fr) auto; align-items: baseline; }
.field-aside > * { grid-column: 1 / -1; }
.field-aside > label { grid-column: 1; grid-row: 1; }
.field-aside > .aside { grid-column: 2; grid-row: 1; }
.aside { font-size: 0.875rem; padding: 0.75rem 0; margin: -0.75rem 0; }
.optional, .hint { color: var(--interface-foreground-default-tertiary); font-weight: 400; }
.hint { font-size: 0.875rem; }
.input {
  display: block; width: 100%; min-width: 0; min-height: 2.875rem; padding: 0.5rem 0.8125rem; margin: 0; font: inherit; line-height: 1.5;
  color: var(--input-foreground-primary); background: var(--input-background-default);
  border: 1px solid var(--input-border-default); border-radius: var(--border-radius-forms);
  transition: border-color 0.12s, box-shadow 0.12s; appearance: none;
}
select.input {
  padding-right: 2.25rem; background-repeat: no-repeat; background-position: right 0.875rem center; background-size: 0.75rem;
  background-image: linear-gradient(45deg, #0000 50%, currentColor 50% 60%, #0000 60%), linear-gradient(-45deg, #0000 50%, currentColor 50% 60%, #0000 60%);
  background-position: right 1.1rem center, right 0.75rem center; background-size: 0.4rem 0.4rem;
}
.input::placeholder { color: var(--input-foreground-tertiary); opacity: 1; }
.input:hover { border-color: var(--input-border-hover); }
.input:focus { outline: 2px solid var(--input-border-focus); outline-offset: -1px; border-color: var(--input-border-focus); }
.input:disabled { background: var(--input-background-disabled); color: var(--input-foreground-disabled); cursor: not-allowed; }
.input[aria-invalid] { border-color: var(--interface-border-validation-danger); }
.input[aria-invalid]:focus { outline-color: var(--interface-border-validation-danger); }
.input-code { font-size: 1.25rem; letter-spacing: 0.18em; font-variant-numeric: tabular-nums; }
.list { display: grid; gap: 0.375rem; }
.control { position: relative; }
.control .input { padding-right: 6.25rem; }
.reveal {
  position: absolute; inset: 1px 1px 1px auto; min-width: 2.75rem; padding: 0 0.875rem; border: 0; background: none; cursor: pointer;
  font: inherit; font-size: 0.875rem; font-weight: 500; color: var(--interface-foreground-default-secondary);
  border-radius: var(--border-radius-forms);
}
.reveal:hover { color: var(--interface-foreground-default-primary); }
.reveal:focus-visible { outline-offset: -3px; }
.tick { display: flex; align-items: center; gap: 0.75rem; min-height: 2.75rem; cursor: pointer; font-weight: 400 !important; font-size: 1rem !important; }
.tick input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--checkbox-background-checked); }

.captcha { display: grid; grid-template-columns: minmax(0, 1fr); font-size: 0.9375rem; }
.captcha > [role="status"]:not(:empty) { padding-top: 0.5rem; text-wrap: pretty; }
.captcha progress { display: block; width: 100%; height: 0.5rem; margin-top: 0.375rem; accent-color: var(--checkbox-background-checked); }

.messages { display: flex; flex-direction: column; gap: 0.5rem; }
.message { padding: 0.75rem 0.9375rem; border-radius: var(--border-radius-general); font-size: 0.9375rem; border: 1px solid; text-wrap: pretty; }
.message-error {
  background: var(--interface-background-validation-danger); border-color: color-mix(in srgb, currentColor 28%, transparent);
  color: var(--interface-foreground-validation-danger);
}
.message-success {
  background: var(--interface-background-validation-success); border-color: color-mix(in srgb, currentColor 28%, transparent);
  color: var(--interface-foreground-validation-success);
}
.message-info { padding: 0; border: 0; font-size: 1rem; color: var(--interface-foreground-default-secondary); }
.field-message { font-size: 0.875rem; color: var(--interface-foreground-default-secondary); }
.field-error { color: var(--interface-foreground-validation-danger); font-weight: 500; }
.field-success { color: var(--interface-foreground-validation-success); }

.button {
  display: inline-flex; align-items: center; justify-content: center; width: 100%; min-height: 2.875rem; padding: 0.5rem 1.125rem; margin: 0;
  font: inherit; font-weight: 570; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  border: 1px solid transparent; border-radius: var(--border-radius-buttons); transition: background-color 0.12s, border-color 0.12s;
}
.button-primary { background: var(--button-primary-background-default); color: var(--button-primary-foreground-default); border-color: var(--button-primary-border-default); }
.button-primary:hover { background: var(--button-primary-background-hover); color: var(--button-primary-foreground-hover); }
.button-secondary { background: var(--button-secondary-background-default); color: var(--button-secondary-foreground-default); border-color: var(--button-secondary-border-default); }
.button-secondary:hover { background: var(--button-secondary-background-hover); color: var(--button-secondary-foreground-hover); border-color: var(--button-secondary-border-hover); }
.button-danger { background: var(--button-secondary-background-default); color: var(--interface-foreground-validation-danger); border-color: var(--button-secondary-border-default); }
.button-danger:hover { border-color: var(--interface-border-validation-danger); color: var(--interface-foreground-validation-danger); }
.button-quiet { background: none; color: var(--button-link-brand-brand); }
.button-quiet:hover { background: var(--interface-background-default-primary-hover); color: var(--button-link-brand-brand); }
.button-small { width: auto; min-height: 2.75rem; padding: 0.375rem 0.9375rem; font-size: 0.9375rem; }
.button:focus-visible { border-radius: var(--border-radius-buttons); }
.button:disabled { background: var(--interface-background-disabled-disabled); color: var(--interface-foreground-disabled-on-disabled); cursor: not-allowed; border-color: transparent; }
.form > .button + .button { margin-top: -0.5rem; }
[aria-busy] .button { cursor: progress; }
[aria-busy] [data-pressed] { opacity: 0.7; }
.actions { display: flex; flex-direction: column; gap: 0.75rem; }
.section .actions .button, .section-list > form .button { width: auto; }

.way { display: contents; }
.divider { display: flex; align-items: center; gap: 0.875rem; color: var(--interface-foreground-default-tertiary); font-size: 0.875rem; line-height: 1; }
.divider::before, .divider::after { content: ""; flex: 1; height: 1px; background: var(--ory-border-default); }
.identifier {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.625rem; padding: 0.25rem 0.375rem 0.25rem 0.9375rem; font-size: 0.9375rem;
  background: var(--button-identifier-background-default); color: var(--button-identifier-foreground-default);
  border: 1px solid var(--button-identifier-border-border-default); border-radius: var(--border-radius-identifier);
}
.identifier-what { flex-basis: 100%; padding-top: 0.375rem; font-size: 0.8125rem; line-height: 1.3; color: var(--interface-foreground-default-tertiary); }
.identifier-value { flex: 1; min-width: 0; padding: 0.125rem 0 0.5rem; overflow-wrap: anywhere; font-weight: 570; }
.identifier-change { display: inline-flex; align-items: center; min-height: 2.75rem; margin: -1rem 0 0; padding: 0 0.625rem; font-weight: 500; text-decoration: none; }
.identifier-change:hover { text-decoration: underline; }
.onwards { margin-bottom: -0.625rem; text-align: center; font-size: 0.9375rem; color: var(--interface-foreground-default-secondary); }
.onwards a { display: inline-block; padding: 0.6875rem 0; font-weight: 550; text-decoration: none; }
.onwards a:hover { text-decoration: underline; }
`
