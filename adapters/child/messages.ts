import type { Dimensions, Trial } from '../../src/onnx/trial.ts'
import type { Signature } from '../../src/registry/signature.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import type { ModelFormat } from '../sessions/session-options.ts'

/** Where the child takes a model file from: a path, or as many bytes of its standard input. */
export type FileSource = { readonly path: string } | { readonly stdinBytes: number }

/** What a child that runs one model is asked, one at a time. */
export type Ask =
  | { readonly kind: 'open'; readonly file: FileSource; readonly format: ModelFormat; readonly threads: number }
  | { readonly kind: 'run'; readonly inputs: readonly Tensor[]; readonly outputs: readonly string[] }
  /** Makes a trial's inputs, which may be large, runs, and answers only that it did; `keep` holds the answer for `compare`. */
  | {
      readonly kind: 'try'
      readonly signature: Signature
      readonly dimensions: Dimensions
      readonly trial: Trial
      readonly outputs: readonly string[]
      readonly keep?: true
    }
  /** Runs again and again, until either bound is met, and answers the times. */
  | {
      readonly kind: 'time'
      readonly inputs: readonly Tensor[]
      readonly outputs: readonly string[]
      readonly mostRuns: number
      readonly mostMs: number
    }
  /** Writes the graph at `path` as ONNX Runtime simplifies it, in standard operators. */
  | { readonly kind: 'simplify'; readonly path: string; readonly target: string; readonly threads: number }
  /** Writes the pre-optimised form of the file at `path`. */
  | { readonly kind: 'optimise'; readonly path: string; readonly ortPath: string; readonly threads: number }
  /** Runs the file at `ortPath` on all inputs that were kept, beside the answers that were kept with them. */
  | { readonly kind: 'compare'; readonly ortPath: string; readonly threads: number }

/** `refused` carries ONNX Runtime's own words: they are translated before they go further. */
export type Told =
  | { readonly kind: 'opened'; readonly loadMs: number }
  | { readonly kind: 'ran'; readonly outputs: readonly Tensor[] }
  | { readonly kind: 'tried'; readonly inferMs: number }
  | { readonly kind: 'timed'; readonly inferMs: readonly number[] }
  | { readonly kind: 'simplified' }
  | { readonly kind: 'optimised' }
  | { readonly kind: 'compared'; readonly maxDifference: number }
  | { readonly kind: 'refused'; readonly words: string; readonly code?: string }

/** How a child ended that could not answer. */
export type Killed = { readonly kind: 'killed'; readonly by: 'time' | 'memory' | 'crash' }
