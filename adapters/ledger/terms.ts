import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { PercallError } from '../../src/errors.ts'
import { isConflict, schema, type Table, untilSettled } from '../aws/table.ts'

/** What hours and amounts of a deployment are kept in: fixed by the first of them. */
export type Terms = { readonly zone: string; readonly currency: string }

/** The latest opened hour, and the terms that are fixed. */
export const openedKey = { pk: 'OPENED', sk: '-' }

const said = {
  zone: { name: 'billing zone', flag: 'percall:billing-zone', why: 'calls were made under' },
  currency: { name: 'currency', flag: 'percall:currency', why: 'amounts were charged or credited in' },
} as const satisfies Record<keyof Terms, unknown>

/** Throws BILLING_FIXED where another value is kept. */
export const requireTerm = (term: keyof Terms, kept: unknown, chosen: string): void => {
  if (kept === undefined || kept === chosen) return
  const { name, flag, why } = said[term]
  throw new PercallError(
    'BILLING_FIXED',
    `${name}: expected ${kept}, which ${why}, got ${chosen}; -c ${flag}=${kept} goes on with it`,
    // It stays so until the next deployment.
    { headers: { 'x-should-retry': 'false' } },
  )
}

const fixTerm =
  ({ documents, table }: Table) =>
  (term: keyof Terms, chosen: string): Promise<void> => {
    const update = new UpdateCommand({
      TableName: table,
      Key: openedKey,
      // An owner's call opens no hour: prices of it can still be put.
      UpdateExpression: 'SET startMs = if_not_exists(startMs, :zero), #term = :chosen, #schema = :schema',
      ConditionExpression: 'attribute_not_exists(#term) OR #term = :chosen',
      ExpressionAttributeNames: { '#term': term, '#schema': 'schema' },
      ExpressionAttributeValues: { ':zero': 0, ':chosen': chosen, ':schema': schema },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return untilSettled(async () => {
      try {
        await documents.send(update)
      } catch (thrown) {
        // The put of a price checks the same item.
        if (isConflict(thrown)) return 'again'
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
        requireTerm(term, thrown.Item?.[term]?.S, chosen)
      }
    })
  }

/**
 * The terms that this environment was deployed with, against those that are fixed. Has a life: what it knows to be fixed it
 * does not ask for again. Each throws BILLING_FIXED.
 */
export const createTerms = (registry: Table, chosen: Terms) => {
  const { documents, table } = registry
  const known = new Set<keyof Terms>()
  let checked: Promise<void> | undefined

  const read = async (): Promise<void> => {
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key: openedKey, ConsistentRead: true }))
    for (const term of ['zone', 'currency'] as const) {
      requireTerm(term, Item?.[term], chosen[term])
      if (Item?.[term] !== undefined) known.add(term)
    }
  }

  const fix = async (term: keyof Terms): Promise<void> => {
    if (known.has(term)) return
    await fixTerm(registry)(term, chosen[term])
    known.add(term)
  }

  return {
    /** Of work that opens and charges nothing itself: what is not fixed yet agrees with everything. */
    check: (): Promise<void> => {
      checked ??= read().catch((thrown: unknown) => {
        checked = undefined
        throw thrown
      })
      return checked
    },
    /** Before anything is kept under an hour's label. */
    fixZone: (): Promise<void> => fix('zone'),
    /** Before an amount is kept. */
    fixCurrency: (): Promise<void> => fix('currency'),
  }
}
