export interface ProjectRow {
  id: string
  slug: string
  name: string
  created_at: number
  updated_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    projects: ProjectRow
  }
}
