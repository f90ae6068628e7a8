import { SyntaxService } from '../../generated/ory/keto/opl/v1alpha1/syntax_service_pb.ts'
import { implement, wellFormed } from '../../kernel/grpc/index.ts'
import { parseOpl } from '../opl/parse.ts'

export const syntaxService = implement(SyntaxService, {
  check(_ctx, { content }) {
    const { errors } = parseOpl(Buffer.from(content).toString())
    return { parseErrors: errors.map(({ message, start, end }) => ({ message: wellFormed(message), start, end })) }
  },
})
