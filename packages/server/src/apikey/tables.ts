export interface ProjectTokenRow {
  id: string
  name: string
  token_hash: string
  created_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    project_tokens: ProjectTokenRow
  }
}
