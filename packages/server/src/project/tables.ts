export interface ProjectRow {
  id: string
  slug: string
  name: string
  created_at: number
  updated_at: number
}

export interface ProjectConfigRow {
  /** The project as JSON, in Ory Network's format. */
  document: string
  updated_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    projects: ProjectRow
    project_configs: ProjectConfigRow
  }
}
