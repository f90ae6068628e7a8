import type { Route } from '../kernel/http/index.ts'

/** On the admin listeners of Kratos and Hydra every path answers with and without its `/admin`. */
export function withBothPaths(routes: readonly Route[]): Route[] {
  return routes.flatMap((route) => [
    route,
    { ...route, path: route.path.startsWith('/admin/') ? route.path.slice('/admin'.length) : `/admin${route.path}` },
  ])
}
