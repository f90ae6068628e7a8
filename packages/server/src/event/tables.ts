export interface EventRow {
  /** Sorts by the time of recording. */
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
    /** The events of each project: both the audit log and the outbox of event streams. */
    events: EventRow
  }
}
