import { elementCount, type Tensor } from '../tensor/tensor.ts'
import type { Version } from './version.ts'

/** Input elements of one call. */
const inputElements = (inputs: readonly Pick<Tensor, 'shape'>[]): number =>
  inputs.reduce((sum, { shape }) => sum + elementCount(shape), 0)

/**
 * Whether a call runs in a process that can be killed: its version was not probed within bounds, or the call is larger
 * than what was. Versions that training made have no probe: their graphs are ours, and run inline.
 */
export const runsInChild = ({ serving }: Pick<Version, 'serving'>, inputs: readonly Pick<Tensor, 'shape'>[]): boolean =>
  serving !== undefined && (serving.isolation === 'child' || inputElements(inputs) > serving.probedElements)

/** Whether no call of a version runs inline, so that its file is not worth loading there. */
export const alwaysInChild = ({ serving }: Pick<Version, 'serving'>): boolean => serving?.isolation === 'child'
