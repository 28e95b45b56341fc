import { createHash, createHmac } from 'node:crypto'
import { fetchAgain } from './fetch-again.ts'

/** A service of AWS that speaks JSON 1.1, where this product has no SDK client of it. */
type AwsService = {
  readonly endpoint: string
  readonly region: string
  /** As in the credential scope of its signatures. */
  readonly signingName: string
  /** As in X-Amz-Target. */
  readonly targetPrefix: string
}

export type AwsCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Headers of a signed POST to `/`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const signedHeaders = (
  { endpoint, region, signingName, targetPrefix }: AwsService,
  operation: string,
  body: string,
  credentials: AwsCredentials,
  nowMs: number,
): Readonly<Record<string, string>> => {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 'YYYYMMDD'.length)
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(endpoint).host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    'x-amz-target': `${targetPrefix}.${operation}`,
  }
  const names = Object.keys(headers).sort()
  const list = names.join(';')
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const request = ['POST', '/', '', lines, list, headers['x-amz-content-sha256']].join('\n')
  const scope = `${day}/${region}/${signingName}/aws4_request`
  const key = [region, signingName, 'aws4_request'].reduce(hmac, hmac(`AWS4${credentials.secretAccessKey}`, day))
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')).toString('hex')
  const { host: _, ...sent } = headers
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`,
  }
}

const requestTimeoutMs = 10_000

/** What a service refused. `type` is the exception's name, empty where the answer has none. */
export class AwsRefusal extends Error {
  readonly type: string
  constructor(operation: string, status: number, text: string, type: string) {
    super(`${operation}: expected 200, got ${status}: ${text}`)
    this.type = type
  }
}

/** `aws.metering#InvalidTagException:http://...` -> `InvalidTagException`. */
const exceptionOf = (header: string | null, text: string): string => {
  const [, named = ''] = header === null ? (/"__type"\s*:\s*"([^"]*)"/.exec(text) ?? []) : ['', header]
  return /(?:^|#)(\w+)(?::|$)/.exec(named)?.[1] ?? ''
}

/** One request, which may arrive twice. Throws an AwsRefusal of what the service refused, with its status and text. */
export const callAws =
  (service: AwsService, credentials: () => AwsCredentials) =>
  async <Answer>(operation: string, input: unknown): Promise<Answer> => {
    const body = JSON.stringify(input)
    const answer = await fetchAgain(service.endpoint, {
      method: 'POST',
      headers: signedHeaders(service, operation, body, credentials(), Date.now()),
      body,
      signal: AbortSignal.timeout(requestTimeoutMs),
    })
    const text = await answer.text()
    if (!answer.ok)
      throw new AwsRefusal(operation, answer.status, text, exceptionOf(answer.headers.get('x-amzn-errortype'), text))
    return JSON.parse(text)
  }
