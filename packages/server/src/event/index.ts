export type { EventName, Events } from './events.ts'
export { record, recordAll } from './record.ts'
export { listEvents, removeOldEvents } from './store.ts'
export { type EventSubscribers, subscribers } from './subscribe.ts'
