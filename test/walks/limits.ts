/** The recordings send more messages to one address than `security.messages` allows by default: up to ten in a few minutes. */
export const recordedLimits = { SECURITY_MESSAGES_PER_RECIPIENT: '10', SECURITY_MESSAGES_WINDOW: '10m' }
