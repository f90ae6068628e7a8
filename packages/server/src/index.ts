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
export { type ModelTester, openModelTester } from './model-tester.ts'
export {
  type CompiledModel,
  type ConditionContext,
  ImportError,
  type Imported,
  ModelTestError,
  parseOpl,
  type RelationTuple,
  type TestStore,
  type TestTuple,
} from './permission/index.ts'
export { type ServeOptions, type Serving, serve } from './serve.ts'
