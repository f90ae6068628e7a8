/**
 * Colors and radii with the variable names of Ory's account experience theme, so that a theme made for it works here.
 * The palette first, then its uses; the dark part contains only differences. The values are not Ory's.
 */
export const tokens = `
:root {
  color-scheme: light dark;
  --ui-50: #f7f8fa; --ui-100: #eff1f5; --ui-200: #e3e6ec; --ui-300: #cdd2db; --ui-400: #858c9b;
  --ui-500: #626979; --ui-600: #4b5262; --ui-700: #373d4b; --ui-800: #232833; --ui-900: #161a23; --ui-950: #0d1016;
  --ui-black: #000000; --ui-white: #ffffff; --ui-transparent: #ffffff00;
  --ui-danger: #c4283a; --ui-success: #17744a; --ui-warning: #8a5a00;
  --brand-50: #eff1ff; --brand-100: #dfe4ff; --brand-200: #c3ccff; --brand-300: #a3affc; --brand-400: #7181f3;
  --brand-500: #4353e0; --brand-600: #3643c2; --brand-700: #2c379c; --brand-800: #252e7c; --brand-900: #1e2560;
  --brand-950: #141941;

  --interface-background-default-primary: var(--ui-white);
  --interface-background-default-primary-hover: var(--ui-50);
  --interface-background-default-secondary: var(--ui-50);
  --interface-background-default-secondary-hover: var(--ui-200);
  --interface-background-default-tertiary: var(--ui-100);
  --interface-background-brand-primary: var(--brand-500);
  --interface-background-brand-primary-hover: var(--brand-600);
  --interface-background-brand-secondary: var(--brand-50);
  --interface-background-brand-secondary-hover: var(--brand-100);
  --interface-background-disabled-disabled: var(--ui-200);
  --interface-background-validation-danger: #fdf0f1;
  --interface-background-validation-success: #ebf7f0;
  --interface-border-default-primary: var(--ui-200);
  --interface-border-brand-brand: var(--brand-500);
  --interface-border-validation-danger: var(--ui-danger);
  --interface-border-validation-success: var(--ui-success);
  --interface-foreground-default-primary: var(--ui-900);
  --interface-foreground-default-secondary: var(--ui-600);
  --interface-foreground-default-tertiary: var(--ui-500);
  --interface-foreground-brand-primary: var(--brand-500);
  --interface-foreground-brand-on-primary: var(--ui-white);
  --interface-foreground-brand-on-secondary: var(--brand-900);
  --interface-foreground-disabled-on-disabled: var(--ui-500);
  --interface-foreground-validation-danger: var(--ui-danger);
  --interface-foreground-validation-success: var(--ui-success);

  --ory-background-default: var(--interface-background-default-secondary);
  --ory-foreground-default: var(--interface-foreground-default-primary);
  --ory-border-default: var(--interface-border-default-primary);
  --form-background-default: var(--interface-background-default-primary);
  --form-border-default: var(--interface-border-default-primary);
  --input-background-default: var(--interface-background-default-primary);
  --input-background-disabled: var(--interface-background-disabled-disabled);
  --input-border-default: var(--ui-400);
  --input-border-hover: var(--ui-600);
  --input-border-focus: var(--interface-border-brand-brand);
  --input-foreground-primary: var(--interface-foreground-default-primary);
  --input-foreground-tertiary: var(--interface-foreground-default-tertiary);
  --input-foreground-disabled: var(--interface-foreground-disabled-on-disabled);
  --checkbox-background-checked: var(--interface-background-brand-primary);
  --button-primary-background-default: var(--interface-background-brand-primary);
  --button-primary-background-hover: var(--interface-background-brand-primary-hover);
  --button-primary-foreground-default: var(--interface-foreground-brand-on-primary);
  --button-primary-foreground-hover: var(--interface-foreground-brand-on-primary);
  --button-primary-border-default: var(--ui-transparent);
  --button-secondary-background-default: var(--interface-background-default-primary);
  --button-secondary-background-hover: var(--interface-background-default-primary-hover);
  --button-secondary-foreground-default: var(--interface-foreground-default-primary);
  --button-secondary-foreground-hover: var(--interface-foreground-default-primary);
  --button-secondary-border-default: var(--ui-300);
  --button-secondary-border-hover: var(--ui-400);
  --button-link-brand-brand: var(--interface-foreground-brand-primary);
  --button-link-brand-brand-hover: var(--interface-foreground-default-primary);
  --button-link-default-secondary: var(--interface-foreground-default-secondary);
  --button-identifier-background-default: var(--interface-background-default-secondary);
  --button-identifier-border-border-default: var(--interface-border-default-primary);
  --button-identifier-foreground-default: var(--interface-foreground-default-primary);

  --border-radius-general: 0.5rem;
  --border-radius-buttons: 0.5rem;
  --border-radius-forms: 0.5rem;
  --border-radius-branding: 0.5rem;
  --border-radius-cards: 1rem;
  --border-radius-identifier: 0.625rem;
  --latchkey-shadow: 0 1px 2px #161a230a, 0 12px 32px -12px #161a2324;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ui-danger: #ff8a94; --ui-success: #5fd39a;
    --interface-background-default-primary: #171b24;
    --interface-background-default-primary-hover: #1f2430;
    --interface-background-default-secondary: #0d1016;
    --interface-background-default-secondary-hover: #262c39;
    --interface-background-default-tertiary: #1f2430;
    --interface-background-brand-secondary: #1e2340;
    --interface-background-brand-secondary-hover: #272e55;
    --interface-background-disabled-disabled: #262c39;
    --interface-background-validation-danger: #351a20;
    --interface-background-validation-success: #12291f;
    --interface-border-default-primary: #2a303d;
    --interface-border-brand-brand: var(--brand-400);
    --interface-foreground-default-primary: #f2f4f8;
    --interface-foreground-default-secondary: #bcc3d0;
    --interface-foreground-default-tertiary: #98a0b0;
    --interface-foreground-brand-primary: var(--brand-300);
    --interface-foreground-brand-on-secondary: var(--brand-100);
    --interface-foreground-disabled-on-disabled: #98a0b0;
    --interface-background-brand-primary-hover: var(--brand-600);
    --input-background-default: #11151d;
    --input-border-default: #697184;
    --input-border-hover: #98a0b0;
    --button-secondary-background-default: #1f2430;
    --button-secondary-background-hover: #2a303d;
    --button-secondary-border-default: #3a4252;
    --button-secondary-border-hover: #697184;
    --button-identifier-background-default: #11151d;
    --latchkey-shadow: none;
  }
}
`
