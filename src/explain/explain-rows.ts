import { PercallError } from '../errors.ts'
import type { Matrix } from '../estimators/estimator.ts'
import { cutRows } from '../tensor/cut-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { answeredMatrix, explainedClasses } from './answered.ts'
import type { Asked } from './asked.ts'
import { askingOf, methodOf, methodsOf } from './asking.ts'
import { rowsOf } from './columns.ts'
import { explainByPermutation } from './explain-by-permutation.ts'
import { explainExactly } from './explain-exactly.ts'
import type { ExplainRows, Explanation } from './explanation.ts'
import { graphTreesFit } from './graph-score.ts'

/** Rows that are explained at once, without a look at the time, and those times the background's rows. */
const mostRowsOfPart = 100
const mostPairsOfPart = 10_000

export const explainRows: ExplainRows =
  ({ runRows }) =>
  async (model, request) => {
    const { inputs, rows, columns, background, answered } = askingOf(model, request)
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
      const method = methodOf(methodsOfAsked(own), request, columns.length)
      if (method !== 'permutation') explained.push(explainExactly(own, method))
      else if (own.answers.rows === rows) return await explainByPermutation({ runRows })(own)
      else {
        const whole = await explainByPermutation({ runRows })(await ask(inputs, 0))
        return { ...whole, modelRows: whole.modelRows + asked }
      }
    }
    return { ...explained[0]!, rows: explained.flatMap((own) => own.rows), modelRows: asked }
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

const methodsOfAsked = ({ model, inputs, answers }: Asked) =>
  methodsOf(model, () => model.trees !== undefined && graphTreesFit(model.trees, inputs, answers))
