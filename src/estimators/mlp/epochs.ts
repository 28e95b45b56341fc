import type { Tensor } from '../../tensor/tensor.ts'
import type { Compute } from '../compute.ts'
import { type Batches, epochGraph, firstDecay, secondDecay, type Training } from './epoch-graph.ts'
import type { NetTable } from './net-table.ts'
import { shuffled } from './shuffle.ts'

/** Parameters and their moments, [size] each. */
export type Weights = Readonly<Record<'parameters' | 'first' | 'second', Float32Array>>

export type Epochs = {
  /** Epoch `epoch`, counted from 0, with a step of `learningRate`; `loss` is its mean over the rows, scaled. */
  readonly run: (weights: Weights, epoch: number) => Promise<{ readonly weights: Weights; readonly loss: number }>
  readonly close: () => Promise<void>
}

type Plan = Training & { readonly learningRate: number; readonly seed: number; readonly batchRows: number }

/** The training step over the table as an open graph. */
export const openEpochs = async (plan: Plan, { rows, tensors }: NetTable, compute: Compute): Promise<Epochs> => {
  const batchRows = Math.min(plan.batchRows, rows)
  const batches: Batches = { rows, batchRows, batches: Math.ceil(rows / batchRows) }
  const { bytes, outputs } = epochGraph(plan, batches)
  const opened = await compute.openGraph(bytes)
  const counts = Float32Array.from({ length: batches.batches }, (_, s) => Math.min(batchRows, rows - s * batchRows))
  return {
    run: async (weights, epoch) => {
      const inputs = [...tensors, ...weightTensors(weights), ...scheduleTensors(plan, batches, counts, epoch)]
      const [parameters, first, second, losses] = await opened.run(inputs, outputs)
      const sum = (losses!.data as Float32Array).reduce((total, loss, s) => total + loss * counts[s]!, 0) // FP32
      return {
        weights: {
          parameters: parameters!.data as Float32Array, // the graph's outputs are FP32
          first: first!.data as Float32Array,
          second: second!.data as Float32Array,
        },
        loss: sum / rows,
      }
    },
    close: opened.close,
  }
}

const weightTensors = (weights: Weights): readonly Tensor[] =>
  Object.entries(weights).map(([name, data]) => ({ name, datatype: 'FP32', shape: [data.length], data }))

/** What differs from epoch to epoch: the order of the rows and the length of each step. */
const scheduleTensors = (
  plan: Plan,
  { rows, batchRows, batches }: Batches,
  counts: Float32Array,
  epoch: number,
): readonly Tensor[] => {
  const order = new Int32Array(batches * batchRows).fill(rows)
  order.set(shuffled(rows, plan.seed, epoch))
  const rate = Float32Array.from({ length: batches }, (_, s) => stepLength(plan, epoch * batches + s + 1))
  return [
    { name: 'order', datatype: 'INT32', shape: [batches, batchRows], data: order },
    { name: 'share', datatype: 'FP32', shape: [batches], data: counts.map((count) => 1 / count) },
    { name: 'rate', datatype: 'FP32', shape: [batches], data: rate },
  ]
}

/** Adam's step t, counted from 1, with both bias corrections: sqrt(1 - b2^t) / (1 - b1^t). */
const stepLength = ({ solver, learningRate }: Plan, t: number): number =>
  solver === 'sgd' ? learningRate : (learningRate * Math.sqrt(1 - secondDecay ** t)) / (1 - firstDecay ** t)
