import { type LimitNode, type OffsetNode, SqliteQueryCompiler } from 'kysely'

/**
 * A parameter that is a limit by itself makes SQLite plan the statement anew for each value, which takes longer than
 * most statements; one inside an expression does not.
 */
export class PlanKeepingCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    super.visitLimit(node)
    this.append(' + 0')
  }

  protected override visitOffset(node: OffsetNode): void {
    super.visitOffset(node)
    this.append(' + 0')
  }
}
