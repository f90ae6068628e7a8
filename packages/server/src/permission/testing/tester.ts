import type { Context } from '../../kernel/context.ts'
import { type CompiledModel, compiledModel, conditionContext, type ModelSettings } from './model.ts'
import type { ConditionContext } from './questions.ts'

type Config = Context['config']

/** Tests permission models in this process. */
export interface ModelTester {
  /** Takes a model that was parsed without mistakes. */
  model(settings: ModelSettings): CompiledModel
  /** @throws ModelTestError for a value that is not the context of a question. */
  context(value: unknown): ConditionContext | undefined
}

export interface TestProjects {
  /** Of a project with the defaults, for validation only. */
  readonly ctx: Context
  /** Opens an empty project with a configuration; its clock stands still where a time is given. */
  open(config: Config, now?: Date): Promise<Context>
}

export function modelTester({ ctx, open }: TestProjects): ModelTester {
  return {
    context: conditionContext,
    model(settings) {
      const config = withModel(ctx.config, settings)
      return compiledModel({ ...ctx, config }, (now) => open(config, now))
    },
  }
}

function withModel(config: Config, { namespaces, strictMode = false, maxDepth }: ModelSettings): Config {
  const { permission } = config
  const limit = maxDepth === undefined ? permission.limit : { ...permission.limit, max_read_depth: maxDepth }
  return { ...config, permission: { ...permission, namespaces, strictMode, limit } }
}
