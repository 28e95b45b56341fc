import type { Codec } from '../dataset/codec.ts'
import { type ColumnCodec, missingInt64 } from '../dataset/column-codec.ts'
import { createRandom, type Random } from '../random.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'

/** Rows [n, 1] per codec column, with how much each counts; weights of sum 1. */
export type Background = { readonly tensors: readonly Tensor[]; readonly weights: Float64Array }

/** As shap.kmeans is mostly asked for. */
const backgroundRows = 50
/** Clusters of so many rows are those of all; fewer of a wide table, so that they take about a second. */
const mostRows = 2000
const leastRows = 200
const mostValues = 400_000
const mostLevels = 8
const mostSteps = 20

/**
 * Rows that stand for a table: of k-means clusters over its columns the row that lies nearest to each centre, which
 * counts as much as its cluster. Numbers and dates are standardised, categories take a column for each of their most
 * frequent levels, texts their length. Columns that hold personal data are missing in every row. The same seed gives the
 * same rows.
 */
export const sampleBackground = (
  { columns }: Codec,
  tensors: readonly Tensor[],
  personal: readonly string[],
  seed: number,
): Background => {
  const width = columns.reduce((sum, { datatype }) => sum + (datatype === 'BYTES' ? mostLevels : 1), 1)
  const most = Math.min(mostRows, Math.max(leastRows, Math.floor(mostValues / width)))
  const rows = everyOther(tensors[0]?.shape[0] ?? 0, most)
  const points = pointsOf(
    columns.filter(({ name }) => !personal.includes(name)),
    tensors,
    rows,
  )
  const { chosen, weights } = medoids(points, Math.min(backgroundRows, rows.length), createRandom(seed))
  const kept = chosen.map((at) => rows[at]!)
  return {
    tensors: tensors.map((tensor, at) => ({
      ...tensor,
      shape: [kept.length, 1],
      data: personal.includes(tensor.name) ? missingData(columns[at]!, kept.length) : pick(tensor.data, kept),
    })),
    weights,
  }
}

/** One row without values. */
export const missingBackground = ({ columns }: Codec): Background => ({
  tensors: columns.map((column) => ({
    ...{ name: column.name, datatype: column.datatype, shape: [1, 1] },
    data: missingData(column, 1),
  })),
  weights: Float64Array.of(1),
})

const missingData = ({ datatype }: ColumnCodec, rows: number): TensorData => {
  if (datatype === 'BYTES') return new Array<string>(rows).fill('')
  if (datatype === 'INT64') return new BigInt64Array(rows).fill(missingInt64)
  return datatype === 'FP32' ? new Float32Array(rows).fill(Number.NaN) : new Float64Array(rows).fill(Number.NaN)
}

const everyOther = (rows: number, most: number): Uint32Array => {
  const every = Math.max(1, Math.ceil(rows / most))
  return Uint32Array.from({ length: Math.ceil(rows / every) }, (_, at) => at * every)
}

const pick = (data: TensorData, rows: readonly number[]): TensorData => {
  if (!ArrayBuffer.isView(data)) return rows.map((row) => data[row]!)
  // A typed array's constructor makes its own kind.
  const own = new (data.constructor as Float64ArrayConstructor)(rows.length)
  rows.forEach((row, at) => {
    own[at] = data[row] as number
  })
  return own
}

/** Row-major [rows, width]. */
type Points = { readonly rows: number; readonly width: number; readonly values: Float64Array }

const pointsOf = (columns: readonly ColumnCodec[], tensors: readonly Tensor[], rows: Uint32Array): Points => {
  const data = new Map(tensors.map((tensor) => [tensor.name, tensor.data]))
  // Each column of a codec has its tensor.
  const features = columns.flatMap((column) => featuresOf(column, data.get(column.name)!, rows))
  const values = new Float64Array(rows.length * features.length)
  features.forEach((feature, place) => {
    feature.forEach((value, row) => {
      values[row * features.length + place] = value
    })
  })
  return { rows: rows.length, width: features.length, values }
}

const featuresOf = (column: ColumnCodec, data: TensorData, rows: Uint32Array): readonly Float64Array[] => {
  if (column.kind === 'text') return [standardised(Float64Array.from(rows, (row) => (data[row] as string).length))]
  if (column.datatype === 'BYTES') return levelFeatures(Array.from(rows, (row) => data[row] as string))
  return [
    standardised(
      Float64Array.from(rows, (row) => {
        const value = data[row]!
        return value === missingInt64 ? Number.NaN : Number(value)
      }),
    ),
  ]
}

/** Mean 0 and variance 1; missing ones are 0. */
const standardised = (values: Float64Array): Float64Array => {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return values.fill(0)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0
  return values.map((value) => (Number.isNaN(value) ? 0 : (value - mean) * scale))
}

const levelFeatures = (texts: readonly string[]): readonly Float64Array[] => {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  const levels = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, mostLevels)
  return levels.map(([level]) => Float64Array.from(texts, (text) => (text === level ? 1 : 0)))
}

/** Lloyd's algorithm from k-means++ (Arthur and Vassilvitskii 2007); clusters that end empty are left out. */
const medoids = (points: Points, count: number, random: Random) => {
  const centres = firstCentres(points, count, random)
  let owners = new Int32Array(points.rows)
  let distances = new Float64Array(points.rows)
  for (let step = 0; step < mostSteps; step++) {
    const next = assign(points, centres)
    const settled = step > 0 && next.owners.every((owner, row) => owner === owners[row])
    ;({ owners, distances } = next)
    if (settled) break
    moveCentres(points, owners, centres)
  }
  // The distances are those of the centres before they moved last, if they did: of the same clusters.
  const nearest = new Int32Array(count).fill(-1)
  const sizes = new Float64Array(count)
  owners.forEach((owner, row) => {
    sizes[owner]! += 1
    const best = nearest[owner]!
    if (best === -1 || distances[row]! < distances[best]!) nearest[owner] = row
  })
  const used = [...nearest.keys()].filter((cluster) => nearest[cluster] !== -1)
  return {
    chosen: used.map((cluster) => nearest[cluster]!),
    weights: Float64Array.from(used, (cluster) => sizes[cluster]! / points.rows),
  }
}

const distance = ({ width, values }: Points, row: number, centres: Float64Array, centre: number): number => {
  let sum = 0
  for (let j = 0; j < width; j++) sum += (values[row * width + j]! - centres[centre * width + j]!) ** 2
  return sum
}

const firstCentres = (points: Points, count: number, random: Random): Float64Array => {
  const { rows, width, values } = points
  const centres = new Float64Array(count * width)
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  let row = Math.floor(random() * rows)
  for (let k = 0; k < count; k++) {
    centres.set(values.subarray(row * width, (row + 1) * width), k * width)
    let sum = 0
    for (let i = 0; i < rows; i++) {
      nearest[i] = Math.min(nearest[i]!, distance(points, i, centres, k))
      sum += nearest[i]!
    }
    // By chance, in proportion to the square of the distance from the centres that are there.
    let left = random() * sum
    row = 0
    for (; row < rows - 1; row++) {
      left -= nearest[row]!
      if (left <= 0) break
    }
  }
  return centres
}

const assign = (points: Points, centres: Float64Array) => {
  const count = points.width === 0 ? 1 : centres.length / points.width
  const owners = new Int32Array(points.rows)
  const distances = new Float64Array(points.rows)
  for (let row = 0; row < points.rows; row++) {
    let best = Number.POSITIVE_INFINITY
    for (let k = 0; k < count; k++) {
      const own = distance(points, row, centres, k)
      if (own < best) {
        best = own
        owners[row] = k
      }
    }
    distances[row] = best
  }
  return { owners, distances }
}

const moveCentres = ({ rows, width, values }: Points, owners: Int32Array, centres: Float64Array): void => {
  const sizes = new Float64Array(centres.length / Math.max(1, width))
  const sums = new Float64Array(centres.length)
  for (let row = 0; row < rows; row++) {
    const owner = owners[row]!
    sizes[owner]! += 1
    for (let j = 0; j < width; j++) sums[owner * width + j]! += values[row * width + j]!
  }
  sizes.forEach((size, k) => {
    if (size > 0) for (let j = 0; j < width; j++) centres[k * width + j] = sums[k * width + j]! / size
  })
}
