import type { RunRows } from '../call/converse.ts'
import type { Deployed } from '../call/deployed.ts'
import type { ColumnCodec } from '../dataset/column-codec.ts'
import { PercallError } from '../errors.ts'
import { isTabular, type TabularManifest } from '../registry/manifest.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import type { ColumnRange, Element } from './column-range.ts'
import { type Classify, type Counterfactual, counterfactual, type Elements } from './counterfactual.ts'
import type { ExplainOptions } from './explain-request.ts'

type Wishes = Exclude<NonNullable<ExplainOptions['counterfactual']>, boolean>

/** Model rows that the search for one row may take where no budget is named. */
const usualBudget = 2000

type Classifier = TabularManifest & {
  readonly outputs: Extract<TabularManifest['outputs'], { readonly label: string }>
}

const isClassifier = (manifest: Deployed['manifest']): manifest is Classifier =>
  manifest !== undefined && isTabular(manifest) && 'label' in manifest.outputs

const dataOf = ({ datatype }: ColumnCodec, elements: readonly Element[]): TensorData => {
  // A row's element came from its own tensor, or was made as that has it.
  if (datatype === 'BYTES') return elements as readonly string[]
  if (datatype === 'INT64') return BigInt64Array.from(elements as readonly bigint[])
  return datatype === 'FP32'
    ? Float32Array.from(elements as readonly number[])
    : Float64Array.from(elements as readonly number[])
}

const tensorsOf = (columns: readonly ColumnCodec[], rows: readonly Elements[]): readonly Tensor[] =>
  columns.map((column, place) => ({
    ...{ name: column.name, datatype: column.datatype, shape: [rows.length, 1] },
    data: dataOf(
      column,
      rows.map((row) => row[place]!),
    ),
  }))

const classifyBy =
  ({ codec, outputs, classes = [] }: Classifier, runRows: RunRows): Classify =>
  async (rows) => {
    const answers = await runRows(tensorsOf(codec.columns, rows), [outputs.label, outputs.probabilities])
    const probabilities = Array.from(answers[1]!.data as Iterable<number>, Number)
    return Array.from(answers[0]!.data as Iterable<string | bigint>, (label, row) => ({
      label: String(label),
      probabilities: probabilities.slice(row * classes.length, (row + 1) * classes.length),
    }))
  }

/** What a counterfactual needs of a version and a request. Throws WRONG_TASK, NOT_EXPLAINABLE, BAD_REQUEST, UNKNOWN_COLUMN. */
export const requireCounterfactual = (
  { version, manifest }: Deployed,
  ranges: readonly ColumnRange[] | undefined,
  { class: wanted, fixed = [] }: Wishes,
) => {
  const name = `${version.model}/${version.number}`
  if (!isClassifier(manifest))
    throw new PercallError('WRONG_TASK', `counterfactual: expected a trained model of classes, got ${name}`)
  if (!ranges)
    throw new PercallError(
      'NOT_EXPLAINABLE',
      `counterfactual: expected a version that keeps the ranges of its training rows, got ${name}; train it again`,
    )
  const classes = (manifest.classes ?? []).map(String)
  if (wanted !== undefined && !classes.includes(String(wanted)))
    throw new PercallError('BAD_REQUEST', `counterfactual.class: expected one of ${classes.join(', ')}, got ${wanted}`)
  const names = manifest.codec.columns.map((column) => column.name)
  const stranger = fixed.find((column) => !names.includes(column))
  if (stranger !== undefined)
    throw new PercallError('UNKNOWN_COLUMN', `counterfactual.fixed: expected ${names.join(', ')}, got ${stranger}`)
  return { manifest, ranges, classes }
}

/** One counterfactual for each row of the inputs. Throws what requireCounterfactual and runs throw. */
export const explainCounterfactuals = async (
  deployed: Deployed,
  ranges: readonly ColumnRange[] | undefined,
  inputs: readonly Tensor[],
  runRows: RunRows,
  wishes: Wishes,
): Promise<readonly Counterfactual[]> => {
  const known = requireCounterfactual(deployed, ranges, wishes)
  const { columns } = known.manifest.codec
  const search = {
    ...{ columns, ranges: known.ranges, classes: known.classes, fixed: wishes.fixed ?? [] },
    ...(wishes.class !== undefined && { wanted: String(wishes.class) }),
    budget: wishes.budget ?? usualBudget,
  }
  const find = counterfactual(classifyBy(known.manifest, runRows))
  const found: Counterfactual[] = []
  for (let row = 0; row < (inputs[0]?.shape[0] ?? 0); row++)
    found.push(
      await find(
        inputs.map(({ data }) => data[row]!),
        search,
      ),
    )
  return found
}
