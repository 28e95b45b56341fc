import type { SentTensors } from '../../src/call/infer.ts'
import { PercallError } from '../../src/errors.ts'
import { headerLengthName, parseHeaderLength } from '../../src/tensor/frame.ts'
import { bodyBytes, jsonText, mediaType, utf8Text } from '../middleware/decode.ts'
import type { RouteRequest } from '../route.ts'

const noBytes = new Uint8Array(0)

const octets = 'application/octet-stream'
const jsonType = /^application\/(?:[\w.+-]+\+)?json$/

/** The gateway hands a body that calls itself JSON over as text, and binary data would come out changed. */
const requireBytes = (request: RouteRequest, headerBytes: number, bodyLength: number): void => {
  const type = mediaType(request)
  if (type === '' || type === octets) return
  const isText = request.headers['content-encoding'] === undefined && headerBytes < bodyLength
  if (jsonType.test(type) && !isText) return
  throw new PercallError('WRONG_MEDIA_TYPE', `content-type: expected ${octets} for binary tensors, got ${type}`)
}

/**
 * The body of an inference request, inflated, split where its header says that the JSON ends; raw where that is 0.
 * Throws WRONG_MEDIA_TYPE, TOO_LARGE, BAD_JSON, BAD_REQUEST.
 */
export const sentTensors = (request: RouteRequest): SentTensors => {
  const header = request.headers[headerLengthName]
  if (header === undefined) return { kind: 'json', text: jsonText(request), binary: noBytes }
  const bytes = bodyBytes(request)
  const headerBytes = parseHeaderLength(header, bytes.length)
  requireBytes(request, headerBytes, bytes.length)
  if (headerBytes === 0) return { kind: 'raw', bytes }
  return { kind: 'json', text: utf8Text(bytes.subarray(0, headerBytes)), binary: bytes.subarray(headerBytes) }
}
