// A marked hour and an occupied slot are answers that the ledger's rules expect.
const failures: ReadonlySet<string> = new Set(['refused', 'unknown'])

/** Counts the ledger's writes that DynamoDB refused or left without an answer, those that a repetition mended included. */
export const countFailures = () => {
  let count = 0
  return {
    watch:
      <Given extends unknown[], Outcome extends { readonly kind: string }>(
        write: (...given: Given) => Promise<Outcome>,
      ) =>
      async (...given: Given): Promise<Outcome> => {
        const outcome = await write(...given)
        if (failures.has(outcome.kind)) count += 1
        return outcome
      },
    /** How many since it was asked last. */
    take: (): number => {
      const taken = count
      count = 0
      return taken
    },
  }
}
