/**
 * Counts a run's look at the test rows of a dataset version and answers how many runs have looked. The same run counts
 * once, however often its state is run: the version's row keeps a set of run ids (DynamoDB ADD to a string set).
 * Rows keep their side of the split, so that every run on the version looks at the same test rows.
 */
export type CountTestUse = (use: {
  readonly dataset: string
  readonly datasetVersion: number
  readonly runId: string
}) => Promise<number>

/** Each look lets choices lean towards these rows; from here on their figures flatter. */
const mostTestUses = 20

/** What the owner should do about test rows that were used too often; nothing before. */
export const testUsesNotice = (uses: number, dataset: string): string | undefined =>
  uses > mostTestUses
    ? `the test rows of ${dataset} were used by ${uses} runs, more than ${mostTestUses}: their figures flatter by now; bring new rows as a dataset of their own and test on those`
    : undefined
