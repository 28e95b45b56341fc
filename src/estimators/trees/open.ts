import type { Compute } from '../compute.ts'
import type { LabelledData } from '../estimator.ts'
import type { Loss } from './losses.ts'
import { openMachine } from './machine.ts'
import { columnBytes, type Limits, pagesOf, planOf } from './plan.ts'
import type { Bench } from './rounds.ts'
import { binTable, columnsOf, levelsOf } from './table.ts'
import { alone, conductor, dismiss } from './team.ts'

/** Below this a second thread costs more than it gives: measured with 50 features. */
const leastTeamRows = 20_000

export type BenchOptions = {
  readonly loss: Loss
  readonly outputs: number
  readonly leaves: number
  readonly limits: Limits
  readonly monotone: readonly number[]
  readonly reuse: boolean
  /** Whether rows get weights: given ones, or those of a bootstrap. */
  readonly weighted: boolean
}

/** A table with watched rows behind it, binned in shared memory; `y` of both is in the loss's terms. */
export const openBench = async (
  data: LabelledData,
  watch: LabelledData | undefined,
  options: BenchOptions,
  compute: Compute,
): Promise<{ readonly bench: Bench; readonly close: () => Promise<void> }> => {
  const { X, y, weights } = data
  const features = columnsOf(X)
  const shared = compute.openTeam !== undefined && X.rows >= leastTeamRows
  const members = shared ? Math.min(compute.threads, Math.ceil(features / 4)) : 1
  const plan = planOf({
    ...options,
    rows: X.rows,
    watched: watch?.X.rows ?? 0,
    features,
    levels: levelsOf(X),
    members,
  })
  const pages = pagesOf(plan)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const machine = openMachine(memory, plan)
  const team = members > 1 ? await compute.openTeam?.(memory, plan) : undefined
  const together = conductor(machine)
  const { f64, u8 } = machine
  f64.set(y, plan.at.y / 8)
  if (watch) f64.set(watch.y, plan.at.y / 8 + plan.rows)
  if (options.weighted) {
    if (weights) f64.set(weights, plan.at.weights / 8)
    else f64.fill(1, plan.at.weights / 8, plan.at.weights / 8 + plan.rows)
  }
  u8.fill(1, plan.at.active, plan.at.active + features)
  const bins = binTable(machine, together, X, watch?.X)
  return {
    bench: { machine, together, alone: alone(machine), bins },
    close: async () => {
      if (team === undefined) return
      dismiss(machine)
      await team.close()
    },
  }
}

/** Every row's margins as before the first tree. */
export const resetMargins = ({ machine: { plan, f64 } }: Bench, base: readonly number[]): void => {
  base.forEach((margin, k) => {
    const F = (plan.at.F + k * columnBytes(plan)) / 8
    f64.fill(margin, F, F + plan.all)
  })
}
