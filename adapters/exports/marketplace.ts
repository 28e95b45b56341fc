import type { Receiver, Refusal } from '../../src/export/export-hours.ts'
import {
  type BatchMeterUsageAnswer,
  type MarketplaceMessage,
  mostUsageRecords,
  refusedOf,
  requestsOf,
  usageRecord,
} from '../../src/export/marketplace.ts'
import { recordId } from '../../src/export/record.ts'
import { AwsRefusal } from '../aws/aws-json.ts'

export type MarketplacePlace = {
  readonly call: (operation: 'BatchMeterUsage', input: unknown) => Promise<BatchMeterUsageAnswer>
  readonly productCode: string
  /** The buyer's account, or the identifier of ResolveCustomer; undefined where a consumer did not buy there. */
  readonly customerOf: (consumerId: string) => Promise<string | undefined>
  readonly now: () => number
}

/** A single record has one of these for good; the service then takes no other record of the request either. */
const refusedForGood = [
  'InvalidUsageDimensionException',
  'InvalidCustomerIdentifierException',
  'TimestampOutOfBoundsException',
]

/** -> what is refused for good. One record that is costs the others of its request nothing: each is sent alone then. */
const sendRequest =
  ({ call, productCode }: Pick<MarketplacePlace, 'call' | 'productCode'>) =>
  async (request: readonly MarketplaceMessage[]): Promise<readonly Refusal[]> => {
    try {
      const UsageRecords = request.map(({ record }) => record)
      const found = refusedOf(request, await call('BatchMeterUsage', { ProductCode: productCode, UsageRecords }))
      if (found) return found
    } catch (thrown) {
      if (!(thrown instanceof AwsRefusal && refusedForGood.includes(thrown.type))) throw thrown
      if (request.length === 1) return request.map(({ id }) => ({ id, reason: thrown.type }))
      const refused: Refusal[] = []
      for (const one of request) refused.push(...(await sendRequest({ call, productCode })([one])))
      return refused
    }
    throw new Error(`BatchMeterUsage: expected all ${request.length} records to be processed, some were not`)
  }

/** Units of consumers that bought the product: https://docs.aws.amazon.com/marketplace/latest/APIReference/API_marketplace-metering_BatchMeterUsage.html */
export const marketplace = (place: MarketplacePlace): Receiver<MarketplaceMessage> => ({
  name: 'marketplace',
  mostMessages: mostUsageRecords,
  tell: async (record) => {
    const customer = await place.customerOf(record.consumerId)
    const message = customer === undefined ? undefined : usageRecord(record, customer, place.now())
    if (message === undefined) return { kind: 'none' }
    if (typeof message === 'string') return { kind: 'refused', refusal: { id: recordId(record), reason: message } }
    return { kind: 'message', message }
  },
  send: async (messages) => {
    const refused: Refusal[] = []
    for (const request of requestsOf(messages)) refused.push(...(await sendRequest(place)(request)))
    return { refused }
  },
})
