import type { Matrix } from '../estimators/estimator.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Answered } from './answered.ts'
import type { ChosenBackground } from './chosen-background.ts'
import type { ExplainedColumn } from './columns.ts'
import type { ExplainedModel, ExplainRequest } from './explanation.ts'

/** What every method starts from: the rows and the model's answers for them. */
export type Asked = {
  readonly model: ExplainedModel
  readonly request: ExplainRequest
  /** In the order of the codec's columns, or of the signature. */
  readonly inputs: readonly Tensor[]
  readonly columns: readonly ExplainedColumn[]
  readonly background: ChosenBackground
  readonly answered: Answered
  readonly answers: Matrix
  /** The column of the answers that is explained, for each row. */
  readonly classes: Int32Array
}
