/** Where a request stands in its caller's trace. Source: https://www.w3.org/TR/trace-context/#traceparent-header */
export type Traceparent = {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits: the span that sent the request. */
  readonly spanId: string
  /** 2 hexadecimal digits; the lowest bit says that the caller records its trace. */
  readonly flags: string
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const zeros = /^0+$/
// Later versions may append members; version 00 may not, and ff is no version.
const firstVersion = '00'
const noVersion = 'ff'

/** Undefined for what is no valid traceparent: the standard has such a header ignored, not refused. */
export const parseTraceparent = (header: string | undefined): Traceparent | undefined => {
  if (header === undefined) return undefined
  const [, version = '', traceId = '', spanId = '', flags = '', more] = pattern.exec(header.trim()) ?? []
  if (version === '' || version === noVersion || (version === firstVersion && more !== undefined)) return undefined
  return zeros.test(traceId) || zeros.test(spanId) ? undefined : { traceId, spanId, flags }
}

/** The header of one request's own span. */
export const formatTraceparent = ({ traceId, spanId, flags }: Traceparent): string =>
  `${firstVersion}-${traceId}-${spanId}-${flags}`

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
const xrayRoot = /(?:^|;)Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)/

/** The trace id that X-Ray gave an invocation, in W3C's form. */
export const traceIdOfXray = (header: string | undefined): string | undefined => {
  if (!header) return undefined
  const [, time = '', random = ''] = xrayRoot.exec(header) ?? []
  return time === '' ? undefined : time + random
}
