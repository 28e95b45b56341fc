import type { Label } from '../registry/manifest.ts'
import { cellReader, type Misfit } from './cell-reader.ts'
import { type Cell, type ColumnCodec, missingInt64 } from './column-codec.ts'

/** A target's codec with the widest float type, so that a label is the number that was written, not its nearest float32. */
export const labelCodec = (codec: ColumnCodec): ColumnCodec =>
  codec.datatype === 'FP32' && codec.kind !== 'boolean' ? { ...codec, datatype: 'FP64' } : codec

/** An element of `labelCodec` in the target's own JSON type; undefined where the cell is missing. */
export const labelOf =
  ({ kind }: ColumnCodec) =>
  (element: number | bigint | string): Label | undefined => {
    if (element === '' || element === missingInt64 || Number.isNaN(element)) return undefined
    if (kind === 'boolean') return element === 1
    return typeof element === 'bigint' ? bigLabel(element) : element
  }

/** A whole number beyond 2^53 is a label by its digits. */
const bigLabel = (element: bigint): Label => (Number.isSafeInteger(Number(element)) ? Number(element) : String(element))

/** One cell of a target as training read it; undefined where it is missing. */
export const labelReader = (codec: ColumnCodec): ((cell: Cell) => Label | Misfit | undefined) => {
  const read = cellReader(labelCodec(codec))
  const label = labelOf(codec)
  return (cell) => {
    const element = read(cell)
    return typeof element === 'object' ? element : label(element)
  }
}
