import { implement, method, ProtoFile, text } from '../../kernel/grpc/index.ts'
import { version } from '../../kernel/version.ts'
import { folder } from './tuples.ts'

const file = new ProtoFile(`${folder}/version.proto`)
const request = file.message('GetVersionRequest', {})
const response = file.message('GetVersionResponse', { version: text(1) })
const service = file.service('VersionService', { GetVersion: method(request, response) })

export const versionService = implement(service, { GetVersion: () => ({ version }) }, { open: true })
