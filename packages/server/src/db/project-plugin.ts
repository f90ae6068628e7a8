import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type DeleteQueryNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type KyselyPlugin,
  type OnConflictNode,
  OnNode,
  type OperationNode,
  OperationNodeTransformer,
  OperatorNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PrimitiveValueListNode,
  type QueryResult,
  ReferenceNode,
  type RootOperationNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  type UnknownRow,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
} from 'kysely'

/** Restricts every statement to the rows of one project, so that no query can omit the condition. */
export class ProjectPlugin implements KyselyPlugin {
  readonly #transformer: ProjectTransformer

  constructor(projectId: string) {
    this.#transformer = new ProjectTransformer(projectId)
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    if (node.kind === 'RawNode') throw new Error('raw statements cannot be held to a project')
    return this.#transformer.transformNode(node)
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result
  }
}

const column = 'project_id'

class ProjectTransformer extends OperationNodeTransformer {
  readonly #projectId: string

  constructor(projectId: string) {
    super()
    this.#projectId = projectId
  }

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    for (const { name } of node.with?.expressions ?? []) requireOwnName(name.table)
    const query = super.transformSelectQuery(node)
    const crossed = query.joins?.filter(isCross).map(({ table }) => table) ?? []
    return { ...query, where: this.#restrict(query.where, tablesIn([...(query.from?.froms ?? []), ...crossed])) }
  }

  protected override transformUpdateQuery(node: UpdateQueryNode): UpdateQueryNode {
    const query = super.transformUpdateQuery(node)
    return { ...query, where: this.#restrict(query.where, tablesIn(query.table ? [query.table] : [])) }
  }

  protected override transformDeleteQuery(node: DeleteQueryNode): DeleteQueryNode {
    const query = super.transformDeleteQuery(node)
    return { ...query, where: this.#restrict(query.where, tablesIn(query.from.froms)) }
  }

  protected override transformJoin(node: JoinNode): JoinNode {
    const join = super.transformJoin(node)
    if (isCross(join)) return join
    const condition = this.#condition(tablesIn([join.table]))
    if (!condition) return join
    return { ...join, on: join.on ? OnNode.cloneWithOperation(join.on, 'And', condition) : OnNode.create(condition) }
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    const query = super.transformInsertQuery(node)
    if (query.columns && query.values && SelectQueryNode.is(query.values)) {
      const { selections = [] } = query.values
      const own = SelectionNode.create(
        AliasNode.create(ValueNode.create(this.#projectId), IdentifierNode.create(column)),
      )
      const values = { ...query.values, selections: [...selections, own] }
      return { ...query, columns: [...query.columns, ColumnNode.create(column)], values }
    }
    if (!query.columns || !query.values || !ValuesNode.is(query.values)) {
      throw new Error('an insert needs its columns and values')
    }
    const values = query.values.values.map((row) =>
      PrimitiveValueListNode.is(row)
        ? PrimitiveValueListNode.create([...row.values, this.#projectId])
        : ValueListNode.create([...row.values, ValueNode.create(this.#projectId)]),
    )
    return { ...query, columns: [...query.columns, ColumnNode.create(column)], values: ValuesNode.create(values) }
  }

  protected override transformOnConflict(node: OnConflictNode): OnConflictNode {
    const conflict = super.transformOnConflict(node)
    if (!conflict.columns) return conflict
    return { ...conflict, columns: [ColumnNode.create(column), ...conflict.columns] }
  }

  #restrict(where: WhereNode | undefined, tables: readonly TableNode[]): WhereNode | undefined {
    const condition = this.#condition(tables)
    if (!condition) return where
    return where ? WhereNode.cloneWithOperation(where, 'And', condition) : WhereNode.create(condition)
  }

  #condition(tables: readonly TableNode[]): OperationNode | undefined {
    return tables
      .map(
        (table): OperationNode =>
          BinaryOperationNode.create(
            ReferenceNode.create(ColumnNode.create(column), table),
            OperatorNode.create('='),
            ValueNode.create(this.#projectId),
          ),
      )
      .reduce<OperationNode | undefined>((all, one) => (all ? AndNode.create(all, one) : one), undefined)
  }
}

/** A join without its own condition; the WHERE clause of the statement restricts it to the project. */
function isCross({ joinType }: JoinNode): boolean {
  return joinType === 'CrossJoin'
}

function requireOwnName(table: TableNode): void {
  if (!isFound(table)) throw new Error('the name of a WITH must begin with found_')
}

/**
 * Common table expressions are restricted themselves; their names are excluded so that they are not mistaken for
 * tables.
 */
function isFound({ table }: TableNode): boolean {
  return table.identifier.name.startsWith('found_')
}

/** The aliases of the tables in a FROM clause; subqueries there are restricted themselves. */
function tablesIn(nodes: readonly OperationNode[]): TableNode[] {
  return nodes.flatMap((node) => {
    if (TableNode.is(node)) return isFound(node) ? [] : [node]
    if (AliasNode.is(node) && TableNode.is(node.node) && node.alias.kind === 'IdentifierNode') {
      if (isFound(node.node)) return []
      return [TableNode.create((node.alias as { name: string } & OperationNode).name)]
    }
    return []
  })
}
