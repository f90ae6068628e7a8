import { SyntaxService } from '../../generated/ory/keto/opl/v1alpha1/syntax_service_pb.ts'
import { implement, wellFormed } from '../../kernel/grpc/index.ts'
import { parseOplInTurns } from '../opl/parse.ts'

export const syntaxService = implement(SyntaxService, {
  async check(_ctx, { content }) {
    const { errors } = await parseOplInTurns(Buffer.from(content).toString())
    return { parseErrors: errors.map(({ message, start, end }) => ({ message: wellFormed(message), start, end })) }
  },
})
