import { type LimitNode, type OffsetNode, SqliteQueryCompiler } from 'kysely'

/**
 * SQLite re-prepares a statement for each new value of a bound parameter that is the whole LIMIT, which costs more than
 * executing most statements. A parameter inside an expression does not cause this.
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
