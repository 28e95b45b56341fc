import * as z from 'zod'
import { languages } from '../explain/phrases.ts'
import { label } from './prediction.ts'

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const number = z.number().nullable()

const method = z.enum(['tree-path-dependent', 'tree-interventional', 'linear', 'permutation'])
const output = z.enum(['value', 'margin', 'probability'])
const background = z.object({
  kind: z.enum(['version', 'request', 'missing', 'zeros', 'cover']),
  rows: z.int(),
})
const columns = z.enum(['column', 'sum'])

const contribution = z.object({
  name: z.string(),
  value: cell,
  contribution: number,
  /** Null: unknown, for one pair of orders was drawn. Exact values have none. */
  standardError: number.nullable().exactOptional(),
  /** Encoded features, such as words of a text, strongest first. */
  parts: z.array(z.object({ feature: z.string(), contribution: number })).exactOptional(),
})

const counterfactual = z.union([
  z.object({
    found: z.literal(true),
    class: z.string(),
    probability: number,
    changes: z.array(z.object({ column: z.string(), from: cell, to: cell })),
    distance: number,
    modelRows: z.int(),
  }),
  z.object({ found: z.literal(false), reason: z.string(), modelRows: z.int() }),
])

const explanation = z.object({
  class: label.exactOptional(),
  /** baseValue + all contributions = prediction, but for additivityError. */
  baseValue: number,
  prediction: number,
  /** What the model answers. */
  answer: number,
  contributions: z.array(contribution),
  additivityError: number,
  interactions: z.array(z.array(number)).exactOptional(),
  calibration: z
    .object({ kind: z.enum(['temperature', 'platt', 'isotonic', 'clip']), output, before: number, after: number })
    .exactOptional(),
  sentence: z.string(),
  /** What the answer would lose without a word of a text, strongest first; where `parts` does not tell it. */
  words: z.array(z.object({ column: z.string(), word: z.string(), effect: number })).exactOptional(),
  counterfactual: counterfactual.exactOptional(),
})

export const explanationsAnswer = z.object({
  method,
  output,
  background,
  columns,
  /** Model rows that were run, the explained ones among them. */
  modelRows: z.int(),
  language: z.enum(languages),
  explanations: z.array(explanation),
})

const importance = z.object({
  column: z.string(),
  importance: number,
  standardDeviation: number,
  low: number,
  high: number,
})

const condition = z.union([
  z.object({ feature: z.string(), test: z.enum(['at most', 'above']), value: number, missing: z.boolean() }),
  z.object({
    feature: z.string(),
    test: z.enum(['one of', 'none of']),
    levels: z.array(z.string()),
    missing: z.boolean(),
  }),
  z.object({ feature: z.string(), test: z.enum(['is there', 'is missing']), missing: z.boolean() }),
])

const range = z.union([
  z.object({
    name: z.string(),
    kind: z.enum(['number', 'date']),
    whole: z.boolean(),
    min: number,
    max: number,
    points: z.array(number),
  }),
  z.object({ name: z.string(), kind: z.literal('levels'), ordered: z.boolean(), levels: z.array(z.string()) }),
  z.object({ name: z.string(), kind: z.literal('boolean') }),
  z.object({ name: z.string(), kind: z.literal('kept'), why: z.enum(['text', 'personal', 'constant']) }),
])

/** What a version says of itself as a whole, and the names of its plots. */
export const globalExplanationsAnswer = z.object({
  schema: z.literal(1),
  on: z.enum(['test', 'training']),
  rows: z.int(),
  target: z.string(),
  classes: z.array(z.string()).exactOptional(),
  permutation: z.object({
    baseLoss: number,
    repeats: z.int(),
    columns: z.array(importance),
    loss: z.enum(['logLoss', 'rmse']),
  }),
  shap: z
    .object({
      method,
      output,
      background,
      columns,
      rows: z.int(),
      importance: z.array(z.object({ column: z.string(), mean: number, standardError: number })),
    })
    .exactOptional(),
  dependence: z.array(
    z.object({
      column: z.string(),
      kind: z.enum(['number', 'date', 'levels', 'boolean']),
      points: z.array(z.union([z.number(), z.string(), z.boolean()])),
      means: z.array(z.array(number)),
      rows: z.array(z.array(number)),
      of: z.int(),
    }),
  ),
  surrogate: z
    .object({
      lists: z.array(
        z.object({
          of: z.string().exactOptional(),
          rules: z.array(z.object({ conditions: z.array(condition), answer: number, rows: z.int() })),
        }),
      ),
      leaves: z.int(),
      fidelity: z.object({
        r2: number,
        agreement: number.exactOptional(),
        constantAgreement: number.exactOptional(),
        rows: z.int(),
      }),
    })
    .exactOptional(),
  calibration: z
    .object({
      bins: z.array(z.object({ from: number, to: number, weight: number, said: number, came: number })),
      expectedError: number,
    })
    .exactOptional(),
  ranges: z.array(range),
  leftOut: z.array(z.string()),
  plots: z.array(z.string()),
})
