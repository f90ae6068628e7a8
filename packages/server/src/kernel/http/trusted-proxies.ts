import ipaddr from 'ipaddr.js'
import type { Environment } from '../config/index.ts'

/**
 * Parses `TRUSTED_PROXIES`: comma-separated addresses and CIDR ranges (`10.0.0.0/8`). `X-Forwarded-For` is trusted only
 * from these. Throws if an entry is invalid.
 */
export function trustedProxies(env: Environment): string[] {
  const named = (env.TRUSTED_PROXIES ?? '').split(',').map((one) => one.trim())
  return named.filter(Boolean).map((one) => {
    if (ipaddr.isValid(one) || ipaddr.isValidCIDR(one)) return one
    throw new Error(`TRUSTED_PROXIES contains "${one}", which is neither an address nor a range such as 10.0.0.0/8.`)
  })
}
