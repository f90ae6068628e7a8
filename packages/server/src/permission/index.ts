import type { Route } from '../kernel/http/index.ts'

/** What the permission API answers. */
export const permissionRoutes: readonly Route[] = []
