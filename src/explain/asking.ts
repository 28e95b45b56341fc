import { PercallError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { type Answered, answeredOutput, requireClass } from './answered.ts'
import { type ChosenBackground, chooseBackground } from './chosen-background.ts'
import { type ExplainedColumn, explainedColumns, rowsOf } from './columns.ts'
import { requireRoom } from './explain-by-permutation.ts'
import { hasCover, hasTrees, scoreSpace } from './explainer-score.ts'
import type { ExplainedModel, ExplainRequest, Method } from './explanation.ts'

/** More rows of one call are many calls. */
const mostRows = 100_000

/** What an explanation starts from before the model is asked. */
export type Asking = {
  /** In the order of the codec's columns, or of the signature. */
  readonly inputs: readonly Tensor[]
  readonly rows: number
  readonly columns: readonly ExplainedColumn[]
  readonly background: ChosenBackground
  readonly answered: Answered
}

/** Throws TOO_LARGE, BAD_REQUEST, BAD_BACKGROUND, NOT_EXPLAINABLE. */
export const askingOf = (model: ExplainedModel, request: ExplainRequest): Asking => {
  const inputs = inOrder(model, request.inputs)
  const rows = rowsOf(inputs)
  if (rows > mostRows)
    throw new PercallError(
      'TOO_LARGE',
      `rows: expected at most ${mostRows} to explain in one call, got ${rows}; send them in several calls`,
    )
  const columns = explainedColumns(model.manifest, model.signature, inputs)
  requireFewPairs(request, rows, columns.length)
  const background = chooseBackground(model, inputs, request.background)
  const answered = answeredOutput(model.manifest, model.signature, model.trees)
  return { inputs, rows, columns, background, answered }
}

const inOrder = ({ manifest, signature }: ExplainedModel, inputs: readonly Tensor[]): readonly Tensor[] => {
  const names = manifest ? manifest.codec.columns.map(({ name }) => name) : signature.inputs.map(({ name }) => name)
  return names.map((name) => {
    const input = inputs.find((tensor) => tensor.name === name)
    if (input !== undefined) return input
    throw new PercallError('BAD_REQUEST', `input ${name}: expected a tensor, got none`)
  })
}

/** The methods that a model has, the most exact one first. `treesFit`: whether a stranger's trees answer as their graph does. */
export const methodsOf = ({ explainer, trees }: ExplainedModel, treesFit: () => boolean): readonly Method[] => {
  if (explainer !== undefined && scoreSpace(explainer) !== undefined) {
    if (!hasTrees(explainer)) return ['linear', 'permutation']
    return ['tree-interventional', ...(hasCover(explainer) ? (['tree-path-dependent'] as const) : []), 'permutation']
  }
  if (explainer === undefined && trees !== undefined && treesFit()) return ['tree-interventional', 'permutation']
  return ['permutation']
}

/** The method that was asked for, if the model has it; else the most exact one. Throws BAD_REQUEST. */
export const methodOf = (possible: readonly Method[], request: ExplainRequest, columns: number): Method => {
  const method = request.method ?? possible[0]!
  if (!possible.includes(method))
    throw new PercallError('BAD_REQUEST', `method: expected ${possible.join(' or ')} for this model, got ${method}`)
  if (request.interactions && method === 'permutation')
    throw new PercallError('BAD_REQUEST', 'interactions: expected a model of trees or a linear one to have them')
  if (request.interactions && columns > mostInteracting)
    throw new PercallError('BAD_REQUEST', `interactions: expected at most ${mostInteracting} columns, got ${columns}`)
  return method
}

/** A row's pairs are the square of it. */
const mostInteracting = 100
/** Pairs of all rows, which are answered as one. */
const mostPairs = 1_000_000

const requireFewPairs = ({ interactions }: ExplainRequest, rows: number, columns: number): void => {
  if (!interactions || columns > mostInteracting || rows * columns ** 2 <= mostPairs) return
  throw new PercallError(
    'TOO_LARGE',
    `interactions: expected at most ${Math.floor(mostPairs / columns ** 2)} rows of ${columns} columns, got ${rows}; send fewer rows`,
  )
}

/**
 * Throws what an explanation would, as far as it shows without the model's answers. Whether a stranger's trees answer as
 * their graph does shows only in them: they are taken to.
 */
export const requireExplainable = (model: ExplainedModel, request: ExplainRequest): void => {
  const { columns, background, answered } = askingOf(model, request)
  requireClass(answered, request.class)
  const method = methodOf(
    methodsOf(model, () => true),
    request,
    columns.length,
  )
  if (method === 'permutation') requireRoom(columns.length, background.rows, request.budget)
}
