import type { Encoded } from './encoded.ts'

// Lambda's limit of a response event is 6 MB as JSON; headers and the event's own members stay below the rest.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
export const mostResponseBytes = 6 * 1024 * 1024 - 16 * 1024
// Every character of a body takes at most 6 bytes in the event: `\u0001`.
const mostBytesPerCharacter = 6

const encoder = new TextEncoder()

/** Bytes cross the gateway in base64. */
const base64Bytes = (bytes: number): number => Math.ceil(bytes / 3) * 4

/** What a body takes of the gateway's event; for a text that is short enough in any case, the most that it may take. */
export const gatewayBytes = (body: Encoded['body']): number => {
  if (typeof body !== 'string') return base64Bytes(body.length)
  const most = body.length * mostBytesPerCharacter
  return most <= mostResponseBytes ? most : encoder.encode(JSON.stringify(body)).length
}

/** Whether an answer passes the gateway, as it is. */
export const fitsGateway = ({ body }: Pick<Encoded, 'body'>): boolean => gatewayBytes(body) <= mostResponseBytes
