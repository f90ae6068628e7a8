import { ApiError } from '@latchkey/api'

/** Why something cannot be tested: a tuple or a question that no server would accept, or that the model does not know. */
export class ModelTestError extends Error {}

/** Runs an action whose refusals become errors of the test. */
export function asTestError<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw error instanceof ApiError ? new ModelTestError(error.reason ?? error.message) : error
  }
}
