import { NamespacesService } from '../../generated/ory/keto/relation_tuples/v1alpha2/namespaces_service_pb.ts'
import { implement } from '../../kernel/grpc/index.ts'

export const namespacesService = implement(NamespacesService, {
  listNamespaces: (ctx) => ({ namespaces: ctx.config.permission.namespaces.map(({ name }) => ({ name })) }),
})
