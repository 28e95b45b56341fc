import { z } from 'zod'
import type { Codec } from '../dataset/codec.ts'
import type { Matrix } from '../estimators/estimator.ts'
import type { Graph } from '../onnx/graph.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** auto: impute, standardise, one-hot, date parts; none: numbers go in as they are, other kinds are refused. */
export type Preprocess = 'auto' | 'none'

const numbers = z.array(z.number()).readonly()

/** A fitted pipeline; plain JSON. Features lie in the order numbers, booleans, date parts, categories. */
export const pipelineSchema = z
  .object({
    preprocess: z.enum(['auto', 'none']),
    numbers: z.array(z.string()).readonly(),
    booleans: z.array(z.string()).readonly(),
    dates: z.array(z.string()).readonly(),
    categories: z.array(z.string()).readonly(),
    /** One fill, mean and scale per feature before the one-hot ones; empty for none. */
    fills: numbers,
    means: numbers,
    scales: numbers,
    /** The levels of each category column; '' is the level of missing. */
    levels: z.array(z.array(z.string()).readonly()).readonly(),
    /** The design matrix's columns. */
    features: z.array(z.string()).readonly(),
  })
  .readonly()

export type Pipeline = z.infer<typeof pipelineSchema>

/** Fits the pipeline on the codec's tensors [n, 1]. Throws BAD_RUN when `none` meets a column that is not a number. */
export declare const fitPipeline: (codec: Codec, preprocess: Preprocess, tensors: readonly Tensor[]) => Pipeline

/** The design matrix [n, p] of the codec's tensors. */
export declare const applyPipeline: (pipeline: Pipeline, tensors: readonly Tensor[]) => Matrix

/** Adds the codec's inputs and the pipeline to a graph -> the name of float64 [n, p]. */
export declare const pipelineToGraph: (pipeline: Pipeline, codec: Codec, graph: Graph) => string
