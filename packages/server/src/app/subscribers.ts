import { subscribers } from '../event/index.ts'
import { forgetIdentity } from '../permission/index.ts'

/** What rooms do on each other's events, in the transaction of the event. */
export const allSubscribers = subscribers({
  IdentityDeleted: [(tx, { IdentityID }) => forgetIdentity(tx, IdentityID)],
})
