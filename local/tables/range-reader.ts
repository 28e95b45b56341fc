import { meets } from './condition.ts'
import { type Condition, parseCondition } from './condition-parser.ts'
import { conditionPaths, refuseInsideKeys } from './condition-paths.ts'
import { cursorOf } from './cursor.ts'
import type { DocumentPath } from './document-path.ts'
import { projectedNames } from './index-projection.ts'
import type { Placeholders } from './placeholders.ts'
import { parseProjection, project } from './projection.ts'
import type { Query, Scan } from './requests.ts'
import type { Index, Table } from './table.ts'
import { invalid, invalidValue } from './validation-error.ts'
import type { Item } from './value.ts'

/** What Query and Scan have in common. */
export type RangeInput = Pick<Query & Scan, keyof Query & keyof Scan>

export type RangeReader = {
  readonly filter: Condition | undefined
  readonly keeps: (item: Item) => boolean
  readonly shown: (item: Item) => Item
  /** Whether a local index's reader takes whole items from the table. */
  readonly isFetching: boolean
}

/** Filter and projection of a request. Throws ValidationException when the index does not hold what is wanted. */
export const rangeReader = (
  table: Table,
  index: Index | undefined,
  input: RangeInput,
  placeholders: Placeholders,
): RangeReader => {
  const { FilterExpression, ProjectionExpression } = input
  checkSelect(index, input)
  const filter =
    FilterExpression === undefined
      ? undefined
      : parseCondition(cursorOf('FilterExpression', FilterExpression, placeholders))
  const paths =
    ProjectionExpression === undefined
      ? undefined
      : parseProjection(cursorOf('ProjectionExpression', ProjectionExpression, placeholders))
  if (filter) refuseInsideKeys(table, conditionPaths(filter))
  if (paths) refuseInsideKeys(table, paths)
  const missing = index && paths ? unprojected(table, index, paths) : []
  if (index?.scope === 'global' && missing.length > 0) {
    throw invalidValue(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`)
  }
  return {
    filter,
    keeps: (item) => !filter || meets(filter, item),
    shown: (item) => (paths ? project(item, paths) : item),
    isFetching:
      index !== undefined && index.projection !== 'ALL' && (missing.length > 0 || input.Select === 'ALL_ATTRIBUTES'),
  }
}

const checkSelect = (index: Index | undefined, { Select: select, ProjectionExpression: expression }: RangeInput) => {
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw invalidValue('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName')
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && expression === undefined) {
    throw invalidValue(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    )
  }
  if (select !== undefined && select !== 'SPECIFIC_ATTRIBUTES' && expression !== undefined) {
    const wanted = select === 'COUNT' ? 'only the Count' : select
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${wanted}`)
  }
  if (select === 'ALL_ATTRIBUTES' && index?.scope === 'global' && index.projection !== 'ALL') {
    throw invalidValue(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} ` +
        'because its projection type is not ALL',
    )
  }
}

const unprojected = (table: Table, index: Index, paths: readonly DocumentPath[]): readonly string[] => {
  const names = projectedNames(table, index)
  return names ? paths.map(([name]) => name).filter((name) => !names.has(name)) : []
}
