import type { WalkedTree } from '../estimators/trees/tree.ts'

/** One tree laid out to be explained: ours, or one of a stranger's graph. */
export type ExplainTree = WalkedTree & {
  /** Train rows that came to each inner node, and to each leaf; absent where the file does not say. */
  readonly cover?: { readonly nodes: Float64Array; readonly leaves: Float64Array }
}
