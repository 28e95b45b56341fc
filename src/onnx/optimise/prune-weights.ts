import { matrixProducts } from './matrix-products.ts'
import type { Pass } from './pass.ts'
import { floatsOf, sizesOf, tensorOf } from './tensors.ts'

/** Smaller matrices hold little to gain. */
const leastElements = 2048

/** The size that so many of the values are below. */
const sizeAt = (share: number, values: Float32Array): number => {
  const sizes = values.map(Math.abs).sort()
  return sizes[Math.floor(share * sizes.length)]!
}

/**
 * Sets the share of the smallest weights of each matrix to zero. The file keeps its size and its speed; gzip gains.
 * Does not fit anything anew. Han et al. 2015, without retraining.
 */
export const pruneWeights =
  (share: number): Pass =>
  (graph) => {
    const matrices = new Set(matrixProducts(graph).products.map(({ weights }) => weights))
    let changes = 0
    graph.initializer = graph.initializer.map((tensor) => {
      const values = matrices.has(tensor.name) ? floatsOf(tensor) : undefined
      if (values === undefined || values.length < leastElements) return tensor
      const threshold = sizeAt(share, values)
      changes += 1
      return tensorOf(
        tensor.name,
        'FP32',
        sizesOf(tensor),
        values.map((value) => (Math.abs(value) < threshold ? 0 : value)),
      )
    })
    return changes
  }
