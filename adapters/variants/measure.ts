import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { refusalWords } from '../../src/onnx/runtime-words.ts'
import { type Figures, type Times, timesOf } from '../../src/optimise/variant.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import type { Ask, Told } from '../child/messages.ts'
import { type ChildLimits, type ChildProgram, type ModelChild, startChild } from '../child/model-child.ts'
import type { Samples } from './samples.ts'

export type MeasureDependencies = {
  readonly program: ChildProgram
  /** Of the function that will serve. */
  readonly threads: number
  /** One load or run, and the memory of the function that will serve. */
  readonly limits: ChildLimits
  /** How often, and how long, runs are timed; of one row and of a batch. */
  readonly timing: { readonly mostRuns: number; readonly mostMs: number }
}

/** Why a variant could not be measured, in words for its owner. */
export class Unmeasured extends Error {}

const deaths = {
  time: 'it did not end in time',
  memory: 'it needs more memory than the function that serves has',
  crash: 'it ended its process',
}

/** Asks a child. Throws Unmeasured when it refuses or dies. */
export const asked = async <Kind extends Told['kind']>(
  child: ModelChild,
  ask: Ask,
  limits: ChildLimits,
  kind: Kind,
): Promise<Told & { readonly kind: Kind }> => {
  const told = await child.ask(ask, limits)
  if (told.kind === 'killed') throw new Unmeasured(deaths[told.by])
  if (told.kind === 'refused') throw new Unmeasured(refusalWords(told.words))
  if (told.kind === kind) return told as Told & { readonly kind: Kind } // just compared
  throw new Error(`child: expected ${kind}, got ${told.kind}`)
}

/** Bytes of the file after the fastest gzip. */
const gzipSize = async (path: string): Promise<number> => {
  let size = 0
  await pipeline(createReadStream(path), createGzip({ level: 1 }), async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) size += chunk.length
  })
  return size
}

export type Measured = { readonly figures: Figures; readonly answers: readonly (readonly Tensor[])[] }

/** Loads a file in a process of its own and runs it on the samples. Throws Unmeasured. */
export const measureFile =
  ({ program, threads, limits, timing }: MeasureDependencies) =>
  async (path: string, { one, batch, judged, outputs }: Samples): Promise<Measured> => {
    const child = startChild(program)
    try {
      const open = { kind: 'open', file: { path }, format: 'onnx', threads } as const
      const { loadMs } = await asked(child, open, limits, 'opened')
      const time = async (inputs: readonly Tensor[]): Promise<Times> =>
        timesOf((await asked(child, { kind: 'time', inputs, outputs, ...timing }, limits, 'timed')).inferMs)
      const oneRow = await time(one)
      const many = await time(batch.inputs)
      const peakMb = child.peakMb()
      const answers: (readonly Tensor[])[] = []
      for (const inputs of judged)
        answers.push((await asked(child, { kind: 'run', inputs, outputs }, limits, 'ran')).outputs)
      const { size: sizeBytes } = await stat(path)
      const sizes = { sizeBytes, gzipBytes: await gzipSize(path) }
      const figures = { ...sizes, loadMs: Number(loadMs.toPrecision(3)), oneRow, batch: { ...many, rows: batch.rows } }
      return { figures: { ...figures, peakMb }, answers }
    } finally {
      child.end()
    }
  }
