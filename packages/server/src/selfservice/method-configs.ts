/** The configuration of every method by its name. Each method adds its own in `config.ts` by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: methods merge their configuration into it
export interface MethodConfigs {}
