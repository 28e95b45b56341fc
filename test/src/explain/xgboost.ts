import { readFileSync } from 'node:fs'
import type { ExplainTree } from '../../../src/explain/explain-tree.ts'

/** A tree as xgboost writes it: leaves among the nodes, whose condition is their value. */
export type XgboostTree = {
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly feature: readonly number[]
  readonly condition: readonly number[]
  readonly missingLeft: readonly number[]
  readonly cover: readonly number[]
}

type Fixture = {
  readonly rows: number
  readonly columns: number
  readonly X: readonly (number | null)[]
  readonly models: readonly {
    readonly objective: string
    readonly baseScore: number
    readonly classes: number
    readonly trees: readonly XgboostTree[]
    readonly margins: readonly number[]
    readonly contributions: readonly number[]
    readonly interactions: readonly number[]
  }[]
}

/** What test/fixtures/peers/contributions.py wrote. */
export const xgboostFixture = (): Fixture =>
  // It has these names.
  JSON.parse(readFileSync(new URL('../../fixtures/peers/contributions.json', import.meta.url), 'utf8')) as Fixture

/** The largest float32 number below x: xgboost sends a row left where it is less. */
const floatBelow = (x: number): number => {
  const bits = new Int32Array(Float32Array.of(x).buffer)
  bits[0]! += x > 0 ? -1 : 1
  return new Float32Array(bits.buffer)[0]!
}

/** Leaves are numbered apart from inner nodes. */
export const explainTree = ({ left, right, feature, condition, missingLeft, cover }: XgboostTree): ExplainTree => {
  const numbers = left.map(() => 0)
  const inner: number[] = []
  const leaves: number[] = []
  left.forEach((child, node) => {
    numbers[node] = child === -1 ? ~(leaves.push(node) - 1) : inner.push(node) - 1
  })
  const float = (node: number): number => Math.fround(condition[node]!)
  return {
    feature: Int32Array.from(inner, (node) => feature[node]!),
    threshold: Float64Array.from(inner, (node) => floatBelow(float(node))),
    missingLeft: Uint8Array.from(inner, (node) => missingLeft[node]!),
    left: Int32Array.from(inner, (node) => numbers[left[node]!]!),
    right: Int32Array.from(inner, (node) => numbers[right[node]!]!),
    sets: inner.map(() => undefined),
    value: Float64Array.from(leaves, float),
    cover: {
      nodes: Float64Array.from(inner, (node) => cover[node]!),
      leaves: Float64Array.from(leaves, (node) => cover[node]!),
    },
  }
}
