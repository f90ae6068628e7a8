import {
  bytes,
  implement,
  inner,
  method,
  ProtoFile,
  repeated,
  text,
  uint32,
  wellFormed,
} from '../../kernel/grpc/index.ts'
import { parseOpl } from '../opl/parse.ts'

const file = new ProtoFile('ory/keto/opl/v1alpha1/syntax_service.proto')
const request = file.message('CheckRequest', { content: bytes(1) })
const position = file.message('SourcePosition', { line: uint32(1), column: uint32(2) })
const parseError = file.message('ParseError', { message: text(1), start: inner(2, position), end: inner(3, position) })
const response = file.message('CheckResponse', { parse_errors: repeated(inner(1, parseError)) })
const service = file.service('SyntaxService', { Check: method(request, response) })

export const syntaxService = implement(service, {
  Check(_ctx, { content }) {
    const { errors } = parseOpl(Buffer.from(content).toString())
    return { parseErrors: errors.map(({ message, start, end }) => ({ message: wellFormed(message), start, end })) }
  },
})
