import { PercallError } from '../errors.ts'
import type { Matrix } from '../estimators/estimator.ts'
import type { Label, TabularManifest } from '../registry/manifest.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'
import type { Datatype, Tensor } from '../tensor/tensor.ts'
import type { GraphTrees } from './graph-trees.ts'

/** The output that is explained. */
export type Answered = {
  readonly name: string
  readonly space: 'value' | 'probability'
  /** Of each of its columns; without them, an output of several columns has their numbers for classes. */
  readonly classes?: readonly Label[]
  /** The class that is explained where none is asked for and there are two. */
  readonly positive?: Label
}

const floats: readonly Datatype[] = ['FP32', 'FP64']
const wholes: readonly Datatype[] = ['INT64', 'INT32', 'INT16', 'INT8', 'UINT64', 'UINT32', 'UINT16', 'UINT8']

/**
 * A manifest's prediction or probabilities; of a raw graph the output of its trees, else its first output of numbers with
 * a value, or a few, for each row: of floats before whole numbers. Throws BAD_REQUEST where there is none.
 */
export const answeredOutput = (
  manifest: TabularManifest | undefined,
  signature: Signature,
  trees: GraphTrees | undefined,
): Answered => {
  if (manifest !== undefined) {
    const { outputs, classes, positive } = manifest
    if (!('label' in outputs)) return { name: outputs.prediction, space: 'value' }
    const labels = { ...(classes && { classes }), ...(positive !== undefined && { positive }) }
    return { name: outputs.probabilities, space: 'probability', ...labels }
  }
  if (trees !== undefined) {
    const { answer, classes } = trees
    return { name: answer, space: classes ? 'probability' : 'value', ...(classes && { classes }) }
  }
  const ofRows = signature.outputs.filter((spec) => spec.kind === undefined && isOfRows(spec))
  const found = [floats, wholes]
    .map((datatypes) => ofRows.find(({ datatype }) => datatypes.includes(datatype)))
    .find((spec) => spec !== undefined)
  if (found !== undefined) return { name: found.name, space: 'value' }
  const got = signature.outputs.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join()}]`)
  throw new PercallError(
    'NOT_EXPLAINABLE',
    `model: expected an output of numbers with one or two dimensions to explain, got ${got.join(', ')}`,
  )
}

const isOfRows = ({ shape, unknownRank }: TensorSpec): boolean =>
  unknownRank === true || shape.length === 1 || shape.length === 2

/** The answers of `rows` rows [rows, n]. Throws BAD_REQUEST where the output is not so many rows of numbers. */
export const answeredMatrix = ({ name }: Answered, rows: number, outputs: readonly Tensor[]): Matrix => {
  const { data, datatype, shape } = outputs.find((output) => output.name === name)!
  const columns = data.length / rows
  if (
    (![...floats, ...wholes].includes(datatype) && datatype !== 'BOOL') ||
    !Number.isInteger(columns) ||
    columns === 0
  )
    throw new PercallError(
      'NOT_EXPLAINABLE',
      `output ${name}: expected numbers for ${rows} rows, got ${datatype} [${shape.join()}]`,
    )
  const values = data instanceof Float64Array ? data : Float64Array.from(data as Iterable<number | bigint>, Number)
  return { rows, columns, values }
}

/** The number of each row's explained column of the answers. Throws BAD_REQUEST for a class that the model does not know. */
export const explainedClasses = (
  { classes, positive }: Answered,
  { rows, columns, values }: Matrix,
  asked: Label | undefined,
): Int32Array => {
  const labels = labelsOf(classes, columns)
  if (labels === undefined) {
    if (asked === undefined) return new Int32Array(rows)
    throw new PercallError('BAD_REQUEST', `class ${asked}: expected none, for this model answers one value`)
  }
  const wanted = asked ?? positive ?? (columns === 2 ? labels[1] : undefined)
  if (wanted !== undefined) return new Int32Array(rows).fill(placeOf(labels, wanted))
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns)
    return own.indexOf(own.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY))
  })
}

/** Throws BAD_REQUEST for a class that is none of those that are known; a raw graph's show in its answers only. */
export const requireClass = ({ classes }: Answered, asked: Label | undefined): void => {
  if (classes !== undefined && asked !== undefined) placeOf(classes, asked)
}

/** The label of each column of the answers; undefined for one value a row. */
export const labelsOf = (classes: readonly Label[] | undefined, columns: number): readonly Label[] | undefined =>
  classes ?? (columns === 1 ? undefined : Array.from({ length: columns }, (_, k) => k))

const placeOf = (labels: readonly Label[], wanted: Label): number => {
  const exact = labels.indexOf(wanted)
  // A query or a command line has text only.
  const place = exact === -1 ? labels.findIndex((label) => String(label) === String(wanted)) : exact
  if (place !== -1) return place
  throw new PercallError('BAD_REQUEST', `class ${wanted}: expected one of ${labels.slice(0, 20).join(', ')}`)
}
