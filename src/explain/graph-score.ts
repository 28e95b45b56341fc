import type { Matrix } from '../estimators/estimator.ts'
import { sigmoid, softmaxInPlace } from '../estimators/sigmoid.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { ExplainedColumn } from './columns.ts'
import type { Score } from './exact-score.ts'
import type { OutputSpace } from './explanation.ts'
import type { GraphTrees } from './graph-trees.ts'
import { treesSums } from './interventional.ts'

/** ONNX Runtime adds leaves in float32. */
const tolerance = 1e-4

/** Scores that are probabilities or values themselves add up as such, others as margins. */
export const graphSpace = ({ link, classes }: GraphTrees): OutputSpace =>
  link !== 'identity' ? 'margin' : classes === undefined ? 'value' : 'probability'

/** Whether the trees, as they were read, answer what the graph does: a file may mean them in a way that is not known here. */
export const graphTreesFit = (trees: GraphTrees, inputs: readonly Tensor[], answers: Matrix): boolean => {
  const X = graphFeatures(trees, inputs)
  const scores = trees.scores.map((own, k) => treesSums(own, X).map((sum) => sum + trees.base[k]!))
  const expected = trees.pair ? 2 : scores.length
  if (answers.columns !== expected) return false
  for (let row = 0; row < X.rows; row++) {
    const own = answersOf(
      trees,
      scores.map((score) => score[row]!),
    )
    for (let k = 0; k < expected; k++) {
      const answer = answers.values[row * expected + k]!
      if (!(Math.abs(answer - own[k]!) <= tolerance * (1 + Math.abs(answer)))) return false
    }
  }
  return true
}

const answersOf = ({ link, pair }: GraphTrees, scores: readonly number[]): readonly number[] => {
  if (link === 'softmax') {
    const own = Float64Array.from(scores)
    softmaxInPlace(own)
    return [...own]
  }
  const linked = link === 'sigmoid' ? scores.map(sigmoid) : scores
  return pair ? [1 - linked[0]!, linked[0]!] : linked
}

/** Score k with its features, each of which is a column of its own. */
export const graphScore = (
  trees: GraphTrees,
  k: number,
  inputs: readonly Tensor[],
  background: readonly Tensor[],
  columns: readonly ExplainedColumn[],
): Score => {
  const places = new Map(columns.map(({ tensor, place }, at) => [`${inputs[tensor]!.name} ${place}`, at]))
  return {
    base: trees.base[k]!,
    parts: [
      {
        kind: 'trees',
        weight: 1,
        trees: trees.scores[k]!,
        X: graphFeatures(trees, inputs),
        background: graphFeatures(trees, background),
        columnOf: Int32Array.from(trees.features, ({ input, place }) => places.get(`${input} ${place}`)!),
      },
    ],
  }
}

const graphFeatures = ({ features }: GraphTrees, inputs: readonly Tensor[]): Matrix => {
  const rows = inputs[0]!.shape[0]!
  const values = new Float64Array(rows * features.length)
  features.forEach(({ input, place, rounded }, f) => {
    const { data } = inputs.find(({ name }) => name === input)!
    const width = data.length / rows
    for (let row = 0; row < rows; row++) {
      const value = Number(data[row * width + place])
      values[row * features.length + f] = rounded ? Math.fround(value) : value
    }
  })
  return { rows, columns: features.length, values }
}
