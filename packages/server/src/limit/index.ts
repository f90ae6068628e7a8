export { decrement, removeOldCounters, reset } from './counter-store.ts'
export { type Counted, type Counter, counterKey, countRequest, networkCounters } from './counters.ts'
export { hashingTurn } from './hashing-turn.ts'
