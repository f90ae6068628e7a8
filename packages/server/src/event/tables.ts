export interface EventRow {
  /** Sorts by the time at which it was recorded. */
  id: string
  name: string
  actor_type: string
  actor_id: string | null
  /** JSON. */
  attributes: string
  created_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    /** What happened in a project, until it has been delivered; the audit log and the outbox of event streams. */
    events: EventRow
  }
}
