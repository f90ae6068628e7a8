export interface JsonWebKeyRow {
  set_name: string
  kid: string
  /** Unique in the set; the key with the highest one is the newest. */
  position: number
  /** The encrypted JSON of the key. */
  sealed_key: string
  created_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    json_web_keys: JsonWebKeyRow
  }
}
