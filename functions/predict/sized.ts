import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { NeedsLarge } from '../../src/registry/placement.ts'
import type { HandedOn } from '../router.ts'

/**
 * Hands a call of a large model on to the large function, as the gateway sent it, and its answer back as it came.
 * Key, limits and grant are checked before. The large function has nobody to hand on to, so a call moves at most once.
 */
export const sized =
  ({ callLarge }: Pick<PredictPorts, 'callLarge'>) =>
  async (event: HandedOn, thrown: unknown): Promise<APIGatewayProxyStructuredResultV2> => {
    if (thrown instanceof NeedsLarge && callLarge) return await callLarge({ ...event, handedOn: true })
    throw thrown
  }
