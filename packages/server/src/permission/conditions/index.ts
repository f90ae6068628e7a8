export { type ConditionCircumstances, type ConditionOutcome, evaluateCondition } from './evaluate.ts'
export { ConditionEvaluator } from './evaluator.ts'
export { type Allowance, newAllowance } from './meter.ts'
export {
  type ConditionText,
  type JsonObject,
  openCondition,
  parseCondition,
  requireContext,
  type TupleCondition,
} from './parse.ts'
