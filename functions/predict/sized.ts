import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { NeedsLarge } from '../../src/registry/placement.ts'
import type { HandedOn } from '../router.ts'

/**
 * Hands a call of a large model on to the large function, as the gateway sent it, and its answer back as it came.
 * Key, limits and grant are checked before. The large function has nobody to hand on to, so a call moves at most once.
 * `wasHandedOn` tells it of the last request, once: an environment serves one at a time.
 */
export const sized = ({ callLarge }: Pick<PredictPorts, 'callLarge'>) => {
  let answeredThere = false
  return {
    handOn: async (event: HandedOn, thrown: unknown): Promise<APIGatewayProxyStructuredResultV2> => {
      if (!(thrown instanceof NeedsLarge && callLarge)) throw thrown
      const answer = await callLarge<HandedOn, APIGatewayProxyStructuredResultV2>({ ...event, handedOn: true })
      answeredThere = true
      return answer
    },
    wasHandedOn: (): boolean => {
      const was = answeredThere
      answeredThere = false
      return was
    },
  }
}
