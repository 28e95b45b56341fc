import { PercallError } from '../errors.ts'
import type { Matrix } from '../estimators/estimator.ts'
import { cutRows } from '../tensor/cut-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { answeredMatrix, answeredOutput, explainedClasses } from './answered.ts'
import type { Asked } from './asked.ts'
import { chooseBackground } from './chosen-background.ts'
import { explainedColumns, rowsOf } from './columns.ts'
import { explainByPermutation } from './explain-by-permutation.ts'
import { explainExactly } from './explain-exactly.ts'
import { hasCover, hasTrees, scoreSpace } from './explainer-score.ts'
import type { ExplainedModel, ExplainRequest, ExplainRows, Explanation, Method } from './explanation.ts'
import { graphTreesFit } from './graph-score.ts'

/** More rows of one call are many calls. */
const mostRows = 100_000
/** Rows that are explained at once, without a look at the time, and those times the background's rows. */
const mostRowsOfPart = 100
const mostPairsOfPart = 10_000

export const explainRows: ExplainRows =
  ({ runRows }) =>
  async (model, request) => {
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
    const ask = async (own: readonly Tensor[], first: number): Promise<Asked> => {
      const answers = answeredMatrix(answered, rowsOf(own), await runRows(own, [answered.name]))
      requireFinite(answers, first)
      const classes = explainedClasses(answered, answers, request.class)
      return { model, request, inputs: own, columns, background, answered, answers, classes }
    }
    const each = Math.max(1, Math.min(mostRowsOfPart, Math.floor(mostPairsOfPart / background.rows)))
    const explained: Explanation[] = []
    let asked = 0
    // Each part asks for its own answers: runs look at the time of the call.
    for (const part of cutRows(inputs, each)) {
      const own = await ask(part, asked)
      asked += own.answers.rows
      const method = methodOf(own)
      if (method !== 'permutation') explained.push(explainExactly(own, method))
      else if (own.answers.rows === rows) return await explainByPermutation({ runRows })(own)
      else {
        const whole = await explainByPermutation({ runRows })(await ask(inputs, 0))
        return { ...whole, modelRows: whole.modelRows + asked }
      }
    }
    return { ...explained[0]!, rows: explained.flatMap((own) => own.rows), modelRows: asked }
  }

const inOrder = ({ manifest, signature }: ExplainedModel, inputs: readonly Tensor[]): readonly Tensor[] => {
  const names = manifest ? manifest.codec.columns.map(({ name }) => name) : signature.inputs.map(({ name }) => name)
  return names.map((name) => {
    const input = inputs.find((tensor) => tensor.name === name)
    if (input !== undefined) return input
    throw new PercallError('BAD_REQUEST', `input ${name}: expected a tensor, got none`)
  })
}

/** `first`: the number of the answers' first row among all. */
const requireFinite = ({ columns, values }: Matrix, first: number): void => {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at !== -1)
    throw new PercallError(
      'BAD_REQUEST',
      `row ${first + Math.floor(at / columns)}: expected a finite answer to explain, got ${values[at]}`,
    )
}

/** The method that was asked for, if the model has it; else the most exact one. Throws BAD_REQUEST. */
const methodOf = (asked: Asked): Method => {
  const { request } = asked
  const possible = methodsOf(asked)
  const method = request.method ?? possible[0]!
  if (!possible.includes(method))
    throw new PercallError('BAD_REQUEST', `method: expected ${possible.join(' or ')} for this model, got ${method}`)
  if (request.interactions && method === 'permutation')
    throw new PercallError('BAD_REQUEST', 'interactions: expected a model of trees or a linear one to have them')
  if (request.interactions && asked.columns.length > mostInteracting)
    throw new PercallError(
      'BAD_REQUEST',
      `interactions: expected at most ${mostInteracting} columns, got ${asked.columns.length}`,
    )
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

const methodsOf = ({ model, inputs, answers }: Asked): readonly Method[] => {
  const { explainer, trees } = model
  if (explainer !== undefined && scoreSpace(explainer) !== undefined) {
    if (!hasTrees(explainer)) return ['linear', 'permutation']
    return ['tree-interventional', ...(hasCover(explainer) ? (['tree-path-dependent'] as const) : []), 'permutation']
  }
  if (explainer === undefined && trees !== undefined && graphTreesFit(trees, inputs, answers))
    return ['tree-interventional', 'permutation']
  return ['permutation']
}
