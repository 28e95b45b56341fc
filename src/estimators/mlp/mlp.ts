import * as z from 'zod'
import { PercallError } from '../../errors.ts'
import type { Budget, Estimator, FitEvent, FitState, Fitting, TrainingData } from '../estimator.ts'
import { hyperparameters } from '../hyperparameters.ts'
import type { NetLoss } from '../losses/loss-nodes.ts'
import { checkTargets, regressionLoss, regressionLosses } from '../losses/regression-loss.ts'
import { packFloat32, unpackFloat32 } from '../packed.ts'
import { checkTrainingData, featureCount } from '../training-data.ts'
import { type Epochs, openEpochs, type Weights } from './epochs.ts'
import { type MlpModel, mlpMargins, mlpModel, mlpNodes } from './mlp-model.ts'
import { netTable } from './net-table.ts'
import { activations, initialParameters, type Shape } from './network.ts'
import { type TargetScale, targetScale, type Unscaling } from './target-scale.ts'
import { openWatch, type Watch } from './watch.ts'

/** Wider layers than any table here needs: parameters stay below 100 MB. */
const widest = 4096
const mostLayers = 8

const schema = z.strictObject({
  /** Sizes of the hidden layers. */
  hidden: z.array(z.int().min(1).max(widest)).min(1).max(mostLayers).readonly().default([64, 32]),
  activation: z.enum(activations).default('relu'),
  solver: z.enum(['adam', 'sgd']).default('adam'),
  learningRate: z.number().positive().default(0.001),
  /** Plain descent only: share of the last step that is kept. */
  momentum: z.number().min(0).lt(1).default(0.9),
  /** Rows of a step; by default about a 32nd of the table, from 16 to 256. */
  batchSize: z.int().positive().optional(),
  /** Epochs. */
  iterations: z.int().positive().default(200),
  /** L2 penalty of the matrices, as in scikit-learn. */
  alpha: z.number().nonnegative().default(1e-4),
  /** With watched rows the fit ends after so many epochs without a lower loss. */
  patience: z.int().positive().default(10),
  /** For numbers; classes have the log loss. */
  loss: z.enum(regressionLosses).default('squared'),
  /** Of the huber loss, in standard deviations of the target. 1.35 keeps 95 % of the efficiency of squares (Huber 1981). */
  delta: z.number().positive().default(1.35),
  /** Of the quantile loss. */
  quantile: z.number().gt(0).lt(1).default(0.5),
  seed: z.int().nonnegative().default(0),
})

export type MlpHyper = z.infer<typeof schema>

/** Parameters, moments and the best parameters are float32 in base64. `watchLoss` is that of the parameters. */
export type MlpState = FitState & { readonly shape: Shape; readonly unscaling: Unscaling } & Readonly<
    Record<keyof Weights, string>
  > & { readonly watchLoss?: number; readonly bestParameters?: string }

/**
 * A multilayer perceptron. Forward, loss, gradient and step are one ONNX graph that scans over mini-batches; numbers are
 * learned standardised. An epoch's event tells the mean loss of its batches, each before its step, and the watched
 * rows' loss before the epoch.
 */
export const mlp: Estimator<MlpHyper, MlpState, MlpModel> = {
  name: 'mlp',
  tasks: ['regression', 'binary', 'multiclass'],
  form: 'scaled',
  hyper: (given) => hyperparameters('mlp', schema, given),
  // All of the iterations are run where no row is watched.
  fixed: (hyper, iterations) => ({ ...hyper, iterations }),
  link: ({ loss }) => (loss === 'poisson' ? 'log' : 'identity'),
  open: async (hyper, data, compute) => {
    checkTrainingData(data)
    const { classes } = data
    if (data.watch !== undefined) checkTrainingData({ ...data.watch, ...(classes && { classes }) }, 'watched')
    const loss = lossOf(hyper, data)
    const scale = targetScale(loss, data.y, data.weights)
    const outputs = loss.loss === 'log' && loss.classes > 2 ? loss.classes : 1
    const shape = { sizes: [featureCount(data.X), ...hyper.hidden, outputs], activation: hyper.activation }
    const table = netTable(data, scale)
    const plan = { ...hyper, shape, loss, batchRows: hyper.batchSize ?? usualBatch(table.rows) }
    const epochs = await openEpochs(plan, table, compute)
    const watch = data.watch && (await openWatch(data.watch, shape, loss, scale, compute))
    return fittingOf(hyper, shape, scale, epochs, watch)
  },
  model: ({ shape, unscaling, parameters, bestParameters }) =>
    mlpModel(shape, unscaling, unpackFloat32(bestParameters ?? parameters)),
  margins: mlpMargins,
  toGraph: mlpNodes,
}

const lossOf = ({ loss, delta, quantile }: MlpHyper, { classes, y }: TrainingData): NetLoss => {
  if (classes !== undefined) return { loss: 'log', classes }
  const chosen = { loss, delta, quantile }
  checkTargets(regressionLoss(chosen), y)
  return chosen
}

const leastBatch = 16
const mostBatch = 256
const usualBatches = 32

/** A power of two near a 32nd of the rows: small tables get enough steps an epoch, large ones full registers. */
const usualBatch = (rows: number): number =>
  Math.min(mostBatch, Math.max(leastBatch, 2 ** Math.round(Math.log2(rows / usualBatches))))

const fittingOf = (
  hyper: MlpHyper,
  shape: Shape,
  scale: TargetScale,
  epochs: Epochs,
  watch: Watch | undefined,
): Fitting<MlpState> => ({
  start: async () => {
    const parameters = initialParameters(shape, scale.start, hyper.seed)
    const zeros = packFloat32(new Float32Array(parameters.length))
    const watchLoss = await watch?.loss(parameters)
    return {
      status: 'fitting',
      iteration: 0,
      shape,
      unscaling: { scale: scale.scale, shift: scale.shift },
      ...{ parameters: packFloat32(parameters), first: zeros, second: zeros },
      ...(watchLoss !== undefined && { watchLoss }),
    }
  },
  step: (state, budget) => runEpochs(hyper, scale, epochs, watch, state, budget),
  close: async () => {
    await epochs.close()
    await watch?.close()
  },
})

const runEpochs = async (
  hyper: MlpHyper,
  scale: TargetScale,
  epochs: Epochs,
  watch: Watch | undefined,
  state: MlpState,
  budget: Budget,
): Promise<{ readonly state: MlpState; readonly events: readonly FitEvent[] }> => {
  const events: FitEvent[] = []
  let { status, iteration, best, watchLoss, bestParameters } = state
  let weights = unpacked(state)
  for (let spent = 0; spent < budget.iterations && status === 'fitting'; spent++) {
    const epoch = await epochs.run(weights, iteration)
    const after = Number.isFinite(epoch.loss) ? await watch?.loss(epoch.weights.parameters) : Number.NaN
    if (!Number.isFinite(epoch.loss) || (after !== undefined && !Number.isFinite(after))) {
      if (best === undefined) throw diverged(hyper, iteration)
      status = 'done' // the best parameters are kept
      break
    }
    events.push({ iteration, loss: scale.loss(epoch.loss), ...(watchLoss !== undefined && { watchLoss }) })
    weights = epoch.weights
    iteration += 1
    if (after !== undefined) {
      watchLoss = after
      if (best === undefined || after < best.loss) {
        best = { iterations: iteration, loss: after }
        bestParameters = packFloat32(weights.parameters)
      }
      if (iteration - best.iterations >= hyper.patience) status = 'done'
    }
    if (iteration === hyper.iterations) status = 'done'
    if (budget.stop?.()) break
  }
  const kept = {
    ...(best !== undefined && { best }),
    ...(watchLoss !== undefined && { watchLoss }),
    ...(bestParameters !== undefined && { bestParameters }),
  }
  return { state: { ...state, status, iteration, ...packed(weights), ...kept }, events }
}

const unpacked = ({ parameters, first, second }: MlpState): Weights => ({
  parameters: unpackFloat32(parameters),
  first: unpackFloat32(first),
  second: unpackFloat32(second),
})

const packed = ({ parameters, first, second }: Weights) => ({
  parameters: packFloat32(parameters),
  first: packFloat32(first),
  second: packFloat32(second),
})

const diverged = ({ learningRate }: MlpHyper, epoch: number): PercallError =>
  new PercallError(
    'BAD_RUN',
    `net, epoch ${epoch}: expected a finite loss, got none; lower parameters.mlp.learningRate (${learningRate})`,
  )
