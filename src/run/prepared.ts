import { encodeColumn } from '../dataset/codec.ts'
import { type Column, pickRows } from '../dataset/column.ts'
import { gapSide } from '../dataset/sides.ts'
import { type Sha256, splitRows } from '../dataset/split.ts'
import { rowCount, type Table } from '../dataset/table.ts'
import { rowWeights } from '../dataset/weights.ts'
import { PercallError } from '../errors.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import { requireClasses } from './require-classes.ts'
import type { RunSpec } from './spec.ts'
import { encodeTarget } from './task.ts'

/** The rows that have a target, as typed columns; nothing in them is fitted. */
export type Prepared = {
  /** One [n, 1] per codec column. */
  readonly tensors: readonly Tensor[]
  /** Values, or class numbers. */
  readonly y: Float64Array
  /** Each row's number in the table. */
  readonly rows: Uint32Array
  /** 0 = train row, 1 = test row, 2 = neither: in the gap before the test of a split by time. */
  readonly test: Uint8Array
  /** Fold number of each row; under a split by time blocks in their order. */
  readonly folds: Uint8Array
  /** Of each row, where a column of weights was named. */
  readonly weights?: Float64Array
  /** Under a split by time: epoch seconds, or numbers. */
  readonly times?: Float64Array
  /** Under a split by group: the number of each row's group. */
  readonly groups?: Uint32Array
}

/** Typed columns, target, side and fold of each row of a table. Throws BAD_CELL, UNKNOWN_COLUMN, BAD_TABLE. */
export const prepareTable =
  (sha256: Sha256) =>
  (table: Table, spec: RunSpec): Prepared => {
    const { target, plan, split, folds, seed } = spec
    const { rows, y } = encodeTarget(target, plan, columnNamed(table, target.name))
    const isClass = plan.classes !== null
    const apart = [target.name, ...(spec.weight === undefined ? [] : [spec.weight])]
    const parts = splitRows(sha256)(table, rows, split, { y, isClass, apart }, folds, seed)
    requireClasses(spec, y, parts.test)
    const weights = spec.weight === undefined ? undefined : rowWeights(table, rows, spec.weight)
    // One column after the other: one that lies on disk is let go before the next is read.
    const tensors = spec.codec.columns.map((column) => {
      const cells = pickRows(columnNamed(table, column.name), rows)
      return {
        name: column.name,
        datatype: column.datatype,
        shape: [rows.length, 1],
        data: encodeColumn(column, cells),
      }
    })
    return { tensors, y, rows, ...parts, ...(weights && { weights }) }
  }

const columnNamed = (table: Table, name: string): Column => {
  const column = table.columns[table.names.indexOf(name)]
  if (column !== undefined) return column
  throw new PercallError('UNKNOWN_COLUMN', `column ${name}: expected it in the table, got ${table.names.join(', ')}`)
}

/** What the owner should know of the rows that were left out. */
export const preparationNotices = (table: Table, spec: RunSpec, { y, test }: Prepared): readonly string[] => {
  const dropped = rowCount(table) - y.length
  const between = test.reduce((sum, side) => sum + (side === gapSide ? 1 : 0), 0)
  return [
    ...(dropped === 0 ? [] : [`${dropped} rows without a ${spec.target.name} are left out`]),
    ...(between === 0 ? [] : [`${between} rows in the gap before the test rows are left out`]),
  ]
}

/** Some rows of a table, by column name. */
export const columnsOf = ({ names, columns }: Table, rows: Uint32Array): Readonly<Record<string, Column>> =>
  Object.fromEntries(names.map((name, place) => [name, pickRows(columns[place]!, rows)]))

/** The rows that `keep` names, in their order. */
export const selectRows = (prepared: Prepared, keep: (row: number) => boolean): Prepared => {
  const chosen = Uint32Array.from(prepared.y.keys().filter(keep))
  const at = <Values extends Float64Array | Uint32Array | Uint8Array>(values: Values): Values =>
    // A typed array's constructor makes its own kind.
    new (values.constructor as new (length: number) => Values)(chosen.length).map(
      (_, i) => values[chosen[i]!]!,
    ) as Values
  return {
    tensors: prepared.tensors.map((tensor) => ({
      ...tensor,
      shape: [chosen.length, 1],
      data: selectData(tensor.data, chosen),
    })),
    y: at(prepared.y),
    rows: at(prepared.rows),
    test: at(prepared.test),
    folds: at(prepared.folds),
    ...(prepared.weights && { weights: at(prepared.weights) }),
    ...(prepared.times && { times: at(prepared.times) }),
    ...(prepared.groups && { groups: at(prepared.groups) }),
  }
}

const selectData = (data: TensorData, chosen: Uint32Array): TensorData => {
  if (!ArrayBuffer.isView(data)) return Array.from(chosen, (row) => data[row]!)
  if (data instanceof BigInt64Array) return BigInt64Array.from(chosen, (row) => data[row]!)
  if (data instanceof Float32Array) return Float32Array.from(chosen, (row) => data[row]!)
  // The codec gives INT64, FP32, FP64 and BYTES only.
  return Float64Array.from(chosen, (row) => (data as Float64Array)[row]!)
}

export const trainRows = (prepared: Prepared): Prepared => selectRows(prepared, (row) => prepared.test[row] === 0)

export const testPart = (prepared: Prepared): Prepared => selectRows(prepared, (row) => prepared.test[row] === 1)
