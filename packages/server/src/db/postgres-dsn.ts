/** DSN parameters of the originals that the PostgreSQL driver does not support. */
const ownParameters = ['max_conns', 'max_idle_conns', 'max_conn_lifetime', 'max_conn_idle_time']

const usualConnections = 20

/** The driver's connection string for a DSN, and the maximum number of connections. */
export function parsePostgresDsn(dsn: string): { connectionString: string; max: number } {
  const url = new URL(dsn)
  const max = Number(url.searchParams.get('max_conns') ?? usualConnections)
  for (const name of ownParameters) url.searchParams.delete(name)
  return { connectionString: url.toString(), max }
}

export function isPostgresDsn(dsn: string): boolean {
  return /^postgres(ql)?:\/\//.test(dsn)
}
