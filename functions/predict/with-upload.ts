import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import type { RouteRequest } from '../route.ts'

const plainText = /^text\/plain\b/i

/** The request with the bytes of the upload that its body names; the upload's content type holds where the request has none. */
export const withUpload = async (request: RouteRequest, { calls }: PredictPorts, id: string): Promise<RouteRequest> => {
  const { bytes, contentType, input } = await calls.readUpload(request.principal.consumerId, id)
  const type = request.headers['content-type']
  // fetch names text/plain for any text that it sends.
  const headers =
    type === undefined || plainText.test(type) ? { ...request.headers, 'content-type': contentType } : request.headers
  return { ...request, headers, body: bytes, input }
}
