/**
 * Lambda's Invoke over HTTP.
 * Does: RequestResponse, Event and DryRun, for functions and aliases. Does not: LogType Tail, ClientContext, streams.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import type { IncomingHttpHeaders } from 'node:http'
import { AwsError, account, type Caller, region } from './service.ts'

export type LambdaCalls = {
  readonly invoke: (
    functionArn: string,
    payload: string,
    caller: Caller,
  ) => Promise<{ readonly kind: 'answer' | 'error'; readonly payload: string; readonly functionError?: string }>
  readonly invokeAsync: (functionArn: string, payload: string, caller: Caller) => unknown
  readonly authorize: (caller: Caller, action: string, resource: string) => void
}

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly payload: string }

/** The function that a route of Lambda's REST API invokes. Throws UnknownOperationException for any other route. */
export function invokePath(method: string, path: string): string {
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? []
  if (method === 'POST' && name) return decodeURIComponent(name)
  throw new AwsError('UnknownOperationException', `Lambda's ${method} ${path} is not implemented`, 404)
}

/** Invokes and gives status, headers and body. */
export async function answerInvoke(
  { invoke, invokeAsync, authorize }: LambdaCalls,
  name: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  caller: Caller,
): Promise<Answer> {
  const refused = ['x-amz-log-type', 'x-amz-client-context'].find((header) => (headers[header] ?? 'None') !== 'None')
  if (refused) throw new AwsError('InvalidParameterValueException', `${refused} is not implemented`)
  const qualifier = new URLSearchParams(url.split('?')[1] ?? '').get('Qualifier')
  const arn = name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`
  const target = qualifier === null || qualifier === '$LATEST' ? arn : `${arn}:${qualifier}`
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse'
  if (type === 'DryRun') {
    authorize(caller, 'lambda:InvokeFunction', target)
    return { status: 204, headers: {}, payload: '' }
  }
  if (type === 'Event') {
    invokeAsync(target, body.toString(), caller)
    return { status: 202, headers: {}, payload: '' }
  }
  if (type !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `X-Amz-Invocation-Type ${type} is unknown`)
  }
  const { payload, functionError } = await invoke(target, body.toString(), caller)
  const version = { 'x-amz-executed-version': '$LATEST' }
  return {
    status: 200,
    headers: functionError === undefined ? version : { ...version, 'x-amz-function-error': functionError },
    payload,
  }
}
