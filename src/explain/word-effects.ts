import type { RunRows } from '../call/converse.ts'
import type { TabularManifest } from '../registry/manifest.ts'
import { answerMatrix, answerNames } from '../run/answers.ts'
import { takeRows } from '../tensor/take-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { RowExplanation } from './explanation.ts'

/** What the answer would lose without one word of a text: its own change, in the answer's units. */
export type WordEffect = { readonly column: string; readonly word: string; readonly effect: number }

/** Distinct words of one text that are tried: each is a row of the model. */
const mostWords = 16
/** Texts that add less than this share of all that is added have no words that mattered. */
const leastShare = 0.1

type Trial = { readonly row: number; readonly place: number; readonly word: string; readonly text: string }

/** The words of each row's texts that add a good part and whose parts are not known. */
const trialsOf = (
  { codec }: TabularManifest,
  inputs: readonly Tensor[],
  rows: readonly RowExplanation[],
): readonly Trial[] =>
  rows.flatMap(({ contributions }, row) => {
    const total = contributions.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0)
    return codec.columns.flatMap((column, place): readonly Trial[] => {
      const { name } = column
      const own = contributions.find((one) => one.name === name)
      // A single character is no word.
      if (column.kind !== 'text' || column.tokens !== 'words') return []
      if (own === undefined || own.parts !== undefined) return []
      if (own.contribution === 0 || Math.abs(own.contribution) < leastShare * total) return []
      // The codec has joined the tokens by one blank.
      const tokens = String(inputs[place]!.data[row]).split(' ')
      return [...new Set(tokens)]
        .filter((word) => word !== '')
        .slice(0, mostWords)
        .map((word) => ({ row, place, word, text: tokens.filter((token) => token !== word).join(' ') }))
    })
  })

const answerOf = ({ classes }: TabularManifest, { class: label }: RowExplanation): number =>
  label === undefined
    ? 0
    : Math.max(
        0,
        (classes ?? []).findIndex((own) => String(own) === String(label)),
      )

/**
 * For each row the effects of the words of its texts, by leaving one out after the other: for models whose explanation
 * does not tell them. They need not add up to the text's contribution: a word may matter only beside another.
 */
export const wordEffects = async (
  manifest: TabularManifest,
  inputs: readonly Tensor[],
  rows: readonly RowExplanation[],
  runRows: RunRows,
): Promise<readonly (readonly WordEffect[])[]> => {
  const trials = trialsOf(manifest, inputs, rows)
  if (trials.length === 0) return rows.map(() => [])
  const taken = takeRows(
    inputs,
    Uint32Array.from(trials, ({ row }) => row),
  ).map((tensor, place) =>
    // A codec's texts are BYTES.
    manifest.codec.columns[place]!.kind === 'text'
      ? { ...tensor, data: trials.map((trial, at) => (trial.place === place ? trial.text : String(tensor.data[at]))) }
      : tensor,
  )
  const { columns, values } = answerMatrix(manifest, await runRows(taken, [answerNames(manifest)[0]!]))
  const found: WordEffect[][] = rows.map(() => [])
  for (const [at, { row, place, word }] of trials.entries()) {
    const effect = rows[row]!.answer - values[at * columns + answerOf(manifest, rows[row]!)]!
    found[row]!.push({ column: manifest.codec.columns[place]!.name, word, effect })
  }
  return found.map((own) => own.toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect)))
}
