export { createProjectToken, hasProjectTokens } from './apikey/index.ts'
export { type App, type AppOptions, createApp } from './app/app.ts'
export { importKeto } from './app/import-keto.ts'
export { importKratos } from './app/import-kratos.ts'
export { openModelTester } from './app/model-tester.ts'
export { type ServeOptions, type Serving, serve } from './app/serve.ts'
export * from './configuration/index.ts'
export { type Database, type DatabaseWait, migrate, openDatabase, openSourceDatabase } from './db/index.ts'
export type { Context } from './kernel/context.ts'
export { ImportError } from './kernel/import-error.ts'
export { createLogger } from './kernel/log.ts'
export { messageText } from './kernel/notify.ts'
export { version } from './kernel/version.ts'
export type { WorkerCountMessage } from './kernel/worker-count.ts'
export { isWorkerMessage, type WorkerMessage } from './kernel/worker-transport.ts'
export type { TableCount } from './kratos/index.ts'
export {
  type CompiledModel,
  type ConditionContext,
  type Imported,
  ModelTestError,
  type ModelTester,
  parseOpl,
  type RelationTuple,
  type TestStore,
  type TestTuple,
} from './permission/index.ts'
