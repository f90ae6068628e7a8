import type { Serving } from '@latchkey/server'

const lookMs = 50

/**
 * Closes a server once it has answered what it had taken. A connection that was busy when closing began stays open
 * after its answer, since it may be used again, so connections that fall idle are closed until none is left.
 */
export async function drain(serving: Serving): Promise<void> {
  const timer = setInterval(() => {
    for (const { http } of serving.app.listeners) http.server.closeIdleConnections()
  }, lookMs)
  try {
    await serving.close()
  } finally {
    clearInterval(timer)
  }
}
