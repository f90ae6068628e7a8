import type { KetoFile } from './originals/keto-schema.ts'
import type { KratosFile } from './originals/kratos-schema.ts'

/** Levels, format and redaction of the one log that a process has. */
export type LogSettings = KratosFile['log'] | KetoFile['log']

/** Which addresses the server may reach. */
export type OutgoingSettings = Pick<KratosFile['clients']['http'], 'disallow_private_ip_ranges'> &
  Partial<KratosFile['clients']['http']>

/**
 * What belongs to the whole server rather than to a project, and what no revision of a project changes. Each original adds
 * its listeners by declaration merging.
 */
export interface InstallationConfig {
  readonly log: LogSettings
  readonly tracing?: KratosFile['tracing']
  readonly outgoing: OutgoingSettings
}
