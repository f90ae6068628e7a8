import { implement, inner, method, ProtoFile, repeated, text } from '../../kernel/grpc/index.ts'
import { folder } from './tuples.ts'

const file = new ProtoFile(`${folder}/namespaces_service.proto`)
const request = file.message('ListNamespacesRequest', {})
const namespace = file.message('Namespace', { name: text(1) })
const response = file.message('ListNamespacesResponse', { namespaces: repeated(inner(1, namespace)) })
const service = file.service('NamespacesService', { ListNamespaces: method(request, response) })

export const namespacesService = implement(service, {
  ListNamespaces: (ctx) => ({ namespaces: ctx.config.permission.namespaces.map(({ name }) => ({ name })) }),
})
