import { columnsToTensors } from '../dataset/codec.ts'
import type { Table } from '../dataset/profile.ts'
import { foldNumbers, rowKeys, type Sha256, testRows } from '../dataset/split.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
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
  /** 1 = test row. */
  readonly test: Uint8Array
  /** Fold number of each row. */
  readonly folds: Uint8Array
  /** All 1 when absent. */
  readonly weights?: Float64Array
  /** Under a time split: epoch seconds of each row. */
  readonly times?: Float64Array
}

/** Typed columns, target, side and fold of each row of a table. Throws BAD_CELL, UNKNOWN_COLUMN. */
export const prepareTable =
  (sha256: Sha256) =>
  (table: Table, spec: RunSpec): Prepared => {
    const cells = table.columns[table.names.indexOf(spec.target.name)] ?? []
    const { rows, y } = encodeTarget(spec.target, spec.plan, cells)
    const keys = rowKeys(table, spec.split.key)
    const kept = Array.from(rows, (row) => keys[row]!)
    return {
      tensors: columnsToTensors(spec.codec, columnsOf(table, rows)),
      y,
      rows,
      test: testRows(sha256)(kept, spec.split.method),
      folds: foldNumbers(sha256)(kept, spec.folds, spec.seed),
    }
  }

/** What the owner should know of the rows that were left out. */
export const preparationNotices = (table: Table, spec: RunSpec, { y }: Prepared): readonly string[] => {
  const dropped = (table.columns[0]?.length ?? 0) - y.length
  return dropped === 0 ? [] : [`${dropped} rows without a ${spec.target.name} are left out`]
}

/** Some rows of a table, by column name. */
export const columnsOf = ({ names, columns }: Table, rows: Uint32Array) =>
  Object.fromEntries(names.map((name, place) => [name, Array.from(rows, (row) => columns[place]![row])]))

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
