export { createProjectToken, hasProjectTokens } from './apikey/index.ts'
export { type App, type AppOptions, createApp } from './app.ts'
export * from './configuration/index.ts'
export { type Database, migrate, openDatabase } from './db/index.ts'
export { importKeto } from './import-keto.ts'
export type { Context } from './kernel/context.ts'
export { createLogger } from './kernel/log.ts'
export { messageText } from './kernel/notify.ts'
export { version } from './kernel/version.ts'
export { isWorkerMessage, type WorkerMessage } from './kernel/worker-transport.ts'
export {
  type ConditionContext,
  type ModelTrial,
  openModelTrial,
  TrialError,
  type TrialTuple,
  type TriedModel,
  type World,
} from './model-trial.ts'
export { ImportError, type Imported, parseOpl, type RelationTuple } from './permission/index.ts'
export { type ServeOptions, type Serving, serve } from './serve.ts'
