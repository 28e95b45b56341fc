import { type Kernels, openKernels } from './kernels.ts'
import type { Plan } from './plan.ts'

/** One thread's view of the shared memory: an element of address a is f64[a / 8], i32[a / 4], u8[a]. */
export type Machine = {
  readonly plan: Plan
  readonly kernels: Kernels
  readonly f64: Float64Array
  readonly i32: Int32Array
  readonly u32: Uint32Array
  readonly u8: Uint8Array
}

export const openMachine = (memory: WebAssembly.Memory, plan: Plan): Machine => {
  const { buffer } = memory
  return {
    plan,
    kernels: openKernels(memory),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    u8: new Uint8Array(buffer),
  }
}

/** A member's share of `count` things: [from, to), in steps of `step`. */
export const shareOf = (
  count: number,
  member: number,
  members: number,
  step = 1,
): { readonly from: number; readonly to: number } => {
  const steps = Math.ceil(count / step)
  return {
    from: Math.min(count, Math.floor((steps * member) / members) * step),
    to: Math.min(count, Math.floor((steps * (member + 1)) / members) * step),
  }
}

/** Address of a feature's bins: a byte each 4 bytes, row by row. */
export const featureBins = ({ plan }: Machine, feature: number): number =>
  plan.at.bins + (feature >> 2) * plan.all * 4 + (feature & 3)
