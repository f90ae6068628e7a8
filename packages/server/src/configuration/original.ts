import type { TSchema } from 'typebox'
import type { LoadOptions, Notice } from '../kernel/config/index.ts'
import type { Part } from '../kernel/config/part.ts'
import type { ProjectConfig } from '../kernel/project-config.ts'
import type { InstallationConfig } from './installation.ts'

/** A server whose place Latchkey takes, with its configuration file. */
export interface Original {
  readonly name: string
  /** What people call one of its files. */
  readonly title: string
  readonly schema: TSchema
  /** Where its configuration stands in a project file: `services.NAME.config`. */
  readonly service: string
  /** @throws ConfigError */
  load(part: Part): Promise<LoadedOriginal>
}

/** What one original's configuration says, each part where it belongs. */
export interface LoadedOriginal {
  /** From the file or `DSN`. */
  readonly dsn?: string | undefined
  readonly config: Partial<ProjectConfig>
  /** Its listeners and what else only it has. */
  readonly installation: Partial<InstallationConfig>
  /** What a process has once: of several originals the first one's holds. */
  readonly process: Pick<InstallationConfig, 'log' | 'tracing' | 'outgoing'>
  /** Files to watch; a folder ends with a slash. */
  readonly files: readonly string[]
  readonly notices: readonly Notice[]
}

export type { LoadOptions, Part }
