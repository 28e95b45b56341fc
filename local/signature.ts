/**
 * AWS Signature Version 4, checked as the services check it.
 * Does: headers and presigned URLs, of S3 and of the other services. Does not: SigV4A, signed chunks, and whether a
 * session token belongs to its key (the token is a signed header like any other).
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { AwsError } from './service.ts'

export type SignedRequest = {
  readonly method: string
  /** Path and query as they came over the wire: never parsed by URL, which would resolve `..`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Hexadecimal SHA-256 of the body, where the caller has read it. */
  readonly bodySha256?: string
}

export type SecretOf = (accessKeyId: string) => string | undefined

const skewMs = 15 * 60_000
/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const longestExpiryS = 604_800
const algorithm = 'AWS4-HMAC-SHA256'

/** Checks the Authorization header of a request; answers the access key. Throws what the service of its scope throws. */
export function verifyHeader(request: SignedRequest, secretOf: SecretOf, now: () => number, service?: string): string {
  const authorization = header(request, 'authorization')
  const isS3 = service === 's3' || authorization?.includes('/s3/aws4_request') === true
  if (authorization === undefined) {
    throw isS3
      ? new AwsError('AccessDenied', 'Access Denied', 403)
      : new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 400)
  }
  const fields = /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})$/.exec(
    authorization,
  )
  if (!fields) {
    throw isS3
      ? new AwsError('AuthorizationHeaderMalformed', 'The authorization header that you provided is not valid.', 400)
      : new AwsError('IncompleteSignatureException', 'Authorization header is not a SigV4 signature.', 400)
  }
  const scope = parseScope(fields[1]!, service)
  const date = header(request, 'x-amz-date') ?? ''
  const offsetMs = now() - parseDate(date)
  if (!(Math.abs(offsetMs) <= skewMs) || !date.startsWith(scope.day)) throw skewed(scope, date, now())
  const declared = header(request, 'x-amz-content-sha256')
  if (scope.service === 's3' && declared === undefined) {
    throw new AwsError('MissingSecurityHeader', 'Your request is missing a required header: x-amz-content-sha256', 400)
  }
  const payload = declared ?? request.bodySha256 ?? sha256('')
  if (/^[0-9a-f]{64}$/.test(payload) && request.bodySha256 !== undefined && request.bodySha256 !== payload) {
    throw new AwsError(
      scope.service === 's3' ? 'XAmzContentSHA256Mismatch' : 'InvalidSignatureException',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  }
  return compare(request, { scope, date, signedHeaders: fields[2]!, signature: fields[3]!, payload }, secretOf)
}

/** Checks a presigned URL of S3; answers the access key. Throws AccessDenied "Request has expired" after its time. */
export function verifyPresigned(request: SignedRequest, secretOf: SecretOf, now: () => number): string {
  const query = new Map(parseQuery(queryOf(request.url)))
  const need = (name: string) => {
    const value = query.get(name)
    if (value === undefined) throw malformedQuery(`Query-string authentication requires the parameter ${name}`)
    return value
  }
  if (need('X-Amz-Algorithm') !== algorithm) throw malformedQuery(`X-Amz-Algorithm only supports "${algorithm}"`)
  const scope = parseScope(need('X-Amz-Credential'), 's3')
  const date = need('X-Amz-Date')
  const signedAtMs = parseDate(date)
  const expiresS = Number(need('X-Amz-Expires'))
  if (!Number.isInteger(expiresS) || expiresS < 1 || expiresS > longestExpiryS) {
    throw malformedQuery(`X-Amz-Expires must be from 1 to ${longestExpiryS} seconds, got ${query.get('X-Amz-Expires')}`)
  }
  if (Number.isNaN(signedAtMs) || !date.startsWith(scope.day)) {
    throw malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  }
  if (signedAtMs - now() > skewMs) throw new AwsError('AccessDenied', 'Request is not yet valid', 403)
  if (now() > signedAtMs + expiresS * 1000) throw new AwsError('AccessDenied', 'Request has expired', 403)
  const payload = query.get('X-Amz-Content-Sha256') ?? header(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  const proof = { scope, date, signedHeaders: need('X-Amz-SignedHeaders'), signature: need('X-Amz-Signature'), payload }
  return compare(request, proof, secretOf)
}

/** Name and value pairs of a raw query string, percent-decoded. */
export function parseQuery(query: string): [string, string][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = equals < 0 ? pair : pair.slice(0, equals)
      return [decode(name), decode(equals < 0 ? '' : pair.slice(equals + 1))]
    })
}

/** Percent-encodes everything but the unreserved characters of RFC 3986. */
export const encodeRfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

type Scope = { accessKeyId: string; day: string; region: string; service: string }
type Proof = { scope: Scope; date: string; signedHeaders: string; signature: string; payload: string }

function compare(request: SignedRequest, proof: Proof, secretOf: SecretOf): string {
  const { scope, date, payload } = proof
  const names = proof.signedHeaders.split(';')
  const isS3 = scope.service === 's3'
  const secret = secretOf(scope.accessKeyId)
  if (secret === undefined) {
    throw isS3
      ? new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403)
      : new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 400)
  }
  const unsigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !names.includes(name))
  if (!names.includes('host') || (isS3 && unsigned.some((name) => name !== 'x-amz-content-sha256'))) {
    throw new AwsError(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned.join(', ') || 'host'}`,
      403,
    )
  }
  const canonical = [
    request.method,
    canonicalPath(request.url.split('?', 1)[0]!, isS3),
    canonicalQuery(queryOf(request.url)),
    ...names.map((name) => `${name}:${(header(request, name) ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    proof.signedHeaders,
    payload,
  ].join('\n')
  const toSign = [algorithm, date, `${scope.day}/${scope.region}/${scope.service}/aws4_request`, sha256(canonical)]
  const expected = hmac(signingKey(secret, scope), toSign.join('\n'))
  const given = Buffer.from(proof.signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    const message =
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
    throw isS3
      ? new AwsError('SignatureDoesNotMatch', message, 403)
      : new AwsError('InvalidSignatureException', message, 400)
  }
  return scope.accessKeyId
}

// One key a secret, day, region and service: the four HMACs were a tenth of what a metered call cost this process.
const signingKeys = new Map<string, KeyObject>()
const mostSigningKeys = 1000

function signingKey(secret: string, { day, region, service }: Scope): KeyObject {
  const name = [secret, day, region, service].join('/')
  const known = signingKeys.get(name)
  if (known) return known
  if (signingKeys.size >= mostSigningKeys) signingKeys.clear()
  let bytes: Buffer = Buffer.from(`AWS4${secret}`)
  for (const step of [day, region, service, 'aws4_request']) bytes = hmac(createSecretKey(bytes), step)
  const key = createSecretKey(bytes)
  signingKeys.set(name, key)
  return key
}

function parseScope(credential: string, service: string | undefined): Scope {
  const parts = credential.split('/')
  const [accessKeyId = '', day = '', region = '', scoped = '', end = ''] = parts
  if (parts.length !== 5 || end !== 'aws4_request' || (service !== undefined && scoped !== service)) {
    throw new AwsError(
      service === 's3' ? 'AuthorizationHeaderMalformed' : 'InvalidSignatureException',
      `Credential should be scoped to correct service: expected ${service ?? 'key/day/region/service/aws4_request'}, got ${credential}`,
      400,
    )
  }
  return { accessKeyId, day, region, service: scoped }
}

function skewed(scope: Scope, date: string, nowMs: number): AwsError {
  const serverTime = new Date(nowMs).toISOString()
  return scope.service === 's3'
    ? new AwsError(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      )
    : new AwsError(
        'InvalidSignatureException',
        `Signature expired: ${date} is not within 15 min. of ${serverTime}`,
        400,
      )
}

// S3 encodes each segment once; every other service encodes what is on the wire once more.
const canonicalPath = (path: string, isS3: boolean) =>
  path
    .split('/')
    .map((segment) => encodeRfc3986(isS3 ? decode(segment) : segment))
    .join('/')

function canonicalQuery(query: string): string {
  return parseQuery(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [encodeRfc3986(name), encodeRfc3986(value)])
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function header(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(',')
}

const queryOf = (url: string) => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '')

const parseDate = (date: string) =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400)
  }
}

const malformedQuery = (message: string) => new AwsError('AuthorizationQueryParametersError', message, 400)
const sha256 = (text: string) => hash('sha256', text)
const hmac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text).digest()
