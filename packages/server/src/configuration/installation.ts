import type { HydraFile } from './originals/hydra-schema.ts'
import type { KetoFile } from './originals/keto-schema.ts'
import type { KratosFile } from './originals/kratos-schema.ts'

/** Level, format and redaction of the process log. */
export type LogSettings = KratosFile['log'] | HydraFile['log'] | KetoFile['log']

/** The allowed outgoing addresses. */
export type OutgoingSettings = Pick<KratosFile['clients']['http'], 'disallow_private_ip_ranges'> &
  Partial<KratosFile['clients']['http']>

/**
 * Settings of the server, which a revision of a project cannot change. Each original adds its listeners by declaration
 * merging.
 */
export interface InstallationConfig {
  readonly log: LogSettings
  readonly tracing?: KratosFile['tracing']
  readonly outgoing: OutgoingSettings
}
