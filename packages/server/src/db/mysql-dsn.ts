/** What a connection to MySQL or MariaDB needs. */
export interface MysqlAddress {
  readonly user?: string
  readonly password?: string
  readonly database: string
  readonly host?: string
  readonly port?: number
  readonly socketPath?: string
  /** Undefined for a connection without TLS. */
  readonly tls?: { readonly rejectUnauthorized: boolean }
}

export function isMysqlDsn(dsn: string): boolean {
  return dsn.startsWith('mysql://')
}

/**
 * The address in a DSN of Go's driver with the scheme `mysql://`, as Kratos takes it: `user:password@tcp(host:port)/name`
 * or `user:password@unix(path)/name`, with nothing escaped before the name of the database. Of the parameters, only
 * `tls` matters to a reader.
 * @throws Error for anything else, without the password
 */
export function parseMysqlDsn(dsn: string): MysqlAddress {
  const match =
    /^mysql:\/\/(?:(?<user>[^:@]*)(?::(?<password>.*))?@)?(?:(?<protocol>\w+)(?:\((?<address>[^()]*)\))?)?\/(?<name>[^/?]+)(?:\?(?<query>[^?]*))?$/.exec(
      dsn,
    )
  const { user, password, protocol = 'tcp', address = '', name = '', query = '' } = match?.groups ?? {}
  const place = protocol === 'unix' ? { socketPath: address } : tcpAddress(address || '127.0.0.1:3306')
  if (!match || !place || !/^(tcp|unix)$/.test(protocol) || (protocol === 'unix' && !address))
    throw new Error('The DSN of MySQL must be mysql://user:password@tcp(host:port)/database.')
  return { user, password, database: decodeURIComponent(name), ...place, tls: tlsOf(new URLSearchParams(query)) }
}

function tcpAddress(address: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, port = '3306'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(address) ?? []
  const host = bracketed ?? plain
  return host && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined
}

/** @throws Error for configurations of TLS that only exist in a Go program, and for those that may fall back to none */
function tlsOf(query: URLSearchParams): MysqlAddress['tls'] {
  const tls = query.get('tls') ?? 'false'
  if (tls === 'false') return undefined
  if (tls === 'true' || tls === 'skip-verify') return { rejectUnauthorized: tls === 'true' }
  throw new Error('The parameter tls of the DSN of MySQL must be true, false or skip-verify.')
}
