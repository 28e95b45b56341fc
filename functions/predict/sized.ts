import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { PredictPorts } from '../../adapters/wiring-predict.ts'
import { NeedsLarge } from '../../src/placement.ts'

type Gateway = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

/**
 * Hands a call of a large model on to the large function, as the gateway sent it, and its answer back as it came.
 * Key and grant are checked before. The large function has nobody to hand on to, so a call moves at most once.
 */
export const sized =
  (answer: Gateway, { callLarge }: Pick<PredictPorts, 'callLarge'>): Gateway =>
  async (event) => {
    try {
      return await answer(event)
    } catch (thrown) {
      if (thrown instanceof NeedsLarge && callLarge) return callLarge(event)
      throw thrown
    }
  }
