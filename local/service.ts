/**
 * What each local AWS service gives to the runtime, and what it gets from it.
 * Does: names the function types between the parts. Does not: hold any behaviour but the error classes.
 */

/** An error as AWS answers it: `code` is the exception's name on the wire. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  /** Further members of the JSON error body, such as CancellationReasons or Item. */
  readonly fields: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.fields = fields
  }
}

/** Who calls: a role of the template, the machine's owner (`admin`), or an AWS service on its own behalf. */
export type Caller =
  | { readonly kind: 'admin' }
  /** `session` is the name of the role's session, as AWS's messages give it: of a function, its name. */
  | { readonly kind: 'role'; readonly roleArn: string; readonly session?: string }
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string }

/** Condition keys of the request, such as `kms:ViaService` or `s3:prefix`. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>

/** A call that the runtime no longer takes, because it ends: nobody's fault, and no AWS error. */
export class ClosingError extends Error {
  override readonly name = 'ClosingError'
}

/** Throws AwsError AccessDenied that names action and resource when the caller's policies do not allow the action. */
export type Authorize = (caller: Caller, action: string, resource: string, context?: RequestContext) => void

/** Like Authorize, but answers. */
export type Allows = (caller: Caller, action: string, resource: string, context?: RequestContext) => boolean

/** A service with the JSON protocol: the X-Amz-Target header is `${target}.${operation}`. */
export type JsonService = {
  readonly target: string
  /** `1.0` or `1.1`, as in `application/x-amz-json-1.0`. */
  readonly jsonVersion: '1.0' | '1.1'
  readonly operations: Readonly<Record<string, (input: never, caller: Caller) => unknown>>
}

/** Puts one event on the default bus. */
export type PutEvent = (event: {
  readonly source: string
  readonly 'detail-type': string
  readonly detail: unknown
  readonly resources?: readonly string[]
}) => void

/** Uses a KMS key for a caller, as an encrypted table, bucket or queue does; throws AwsError when the caller may not. */
export type UseKey = (
  caller: Caller,
  action: 'kms:Decrypt' | 'kms:GenerateDataKey',
  keyArn: string,
  viaService: string,
) => void

/** Invokes a function and waits for it. `payload` is JSON text. */
export type InvokeFunction = (
  functionArn: string,
  payload: string,
) => Promise<
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'error'; readonly functionError: 'Handled' | 'Unhandled'; readonly payload: string }
>

/** A resource of a template after its intrinsic functions were resolved. */
export type Resource = {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
  /** What Ref gives: the physical name, URL or ARN. */
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: a resource's properties have the shape of its CloudFormation type
  readonly properties: any
}

export const region = 'us-east-1'
export const account = '000000000000'
