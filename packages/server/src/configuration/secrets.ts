import type { InstallationConfig } from './installation.ts'

/**
 * The secrets from which the keys of the installation are derived, the current one first; empty if it has its own one.
 * Those of Kratos come first, so that a Hydra file can be added later.
 */
export function configuredSecrets({ kratos, hydra }: Pick<InstallationConfig, 'kratos' | 'hydra'>): readonly string[] {
  return [...kratos.secrets, ...hydra.secrets]
}
