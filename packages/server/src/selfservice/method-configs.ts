/** The configuration of every method by its name. Each method adds its own in `config.ts` by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: methods merge their configuration into it
export interface MethodConfigs {}

/** For methods that cannot work without a `config`. */
export const requiresConfigWhenEnabled = {
  if: { properties: { enabled: { const: true } }, required: ['enabled'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['config'] },
}
