import type { TensorBody } from '../client/bodies.ts'
import { ApiError, type Client } from '../client/client.ts'
import { declaredInputs } from '../client/models.ts'
import type { CsvRow } from './csv.ts'
import { type TypedRow, typedCells } from './typed-cells.ts'

export type AskWithText = <Answer>(
  rows: readonly CsvRow[],
  ask: (rows: readonly TypedRow[]) => Promise<Answer>,
) => Promise<Answer>

/**
 * Asks with rows of text in the form that the model takes. Trained models parse text by what they saw in training, so text
 * goes first; a pushed one says BAD_VALUE to it, which is free, and gets the types that it declares from then on.
 */
export const textRows = (client: Client, model: string): AskWithText => {
  let inputs: readonly TensorBody[] | undefined
  return async (rows, ask) => {
    if (inputs) return await ask(typedCells(inputs, rows))
    try {
      return await ask(rows)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'BAD_VALUE')) throw error
      inputs = await declaredInputs(client, model)
      return await ask(typedCells(inputs, rows))
    }
  }
}
