import { VersionService } from '../../generated/ory/keto/relation_tuples/v1alpha2/version_pb.ts'
import { implement } from '../../kernel/grpc/index.ts'
import { version } from '../../kernel/version.ts'

export const versionService = implement(VersionService, { getVersion: () => ({ version }) }, { isOpen: true })
