/**
 * Counts a run's look at the test rows of a dataset and answers how many runs have looked. The same run counts once,
 * however often its state is run. By dataset, not by its version: a row keeps its side in every later version.
 */
export type CountTestUse = (use: { readonly dataset: string; readonly runId: string }) => Promise<number>

/** Each look lets choices lean towards these rows; from here on their figures flatter. */
const mostTestUses = 20

/** What the owner should do about test rows that were used too often; nothing before. */
export const testUsesNotice = (uses: number, dataset: string): string | undefined =>
  uses > mostTestUses
    ? `the test rows of ${dataset} were used by ${uses} runs, more than ${mostTestUses}: their figures flatter by now; bring new rows as a dataset of their own and test on those`
    : undefined
