export { removeOldChanges } from './changes/store.ts'
export {
  featureFlags,
  identities,
  limit,
  type NamespacesSource,
  namedNamespace,
  namespaces,
  type PermissionConfig,
} from './config.ts'
export { permissionServices } from './grpc/index.ts'
export { forgetIdentity } from './identities/forget.ts'
export { type Imported, type ImportOptions, importTuples } from './import/import.ts'
export type { Namespace } from './opl/model.ts'
export { parseOpl } from './opl/parse.ts'
export { permissionRoutes } from './routes.ts'
export { ModelTestError } from './testing/error.ts'
export type { CompiledModel, TestTuple } from './testing/model.ts'
export type { ConditionContext, TestStore } from './testing/questions.ts'
export { type ModelTester, modelTester } from './testing/tester.ts'
export type { RelationTuple, Subject } from './tuples/subject.ts'
