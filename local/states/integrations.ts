/**
 * What a Task may call. Every call is made with the machine's role.
 * Does: the optimised and aws-sdk integrations listed here. Does not: anything else (refused when the machine is added).
 * `unverified on AWS`: the error names of refused permissions.
 * https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
 */
import type { Authorize, Caller, InvokeFunction } from '../service.ts'
import { AwsError } from '../service.ts'
import type { Json } from './expression.ts'
import { StateError } from './state-error.ts'

export type Members = Readonly<Record<string, unknown>>

/** The other services of the runtime. Inputs and outputs have the members of the AWS API. */
export type Ports = {
  readonly dynamodb: (operation: string, input: Members, caller: Caller) => unknown
  readonly getObject: (caller: Caller, input: Members) => Promise<Members & { readonly Body: Uint8Array }>
  readonly putObject: (caller: Caller, input: Members & { readonly Body: Uint8Array }) => Promise<Members>
  readonly listObjectsV2: (caller: Caller, input: Members) => Promise<Members & { readonly Contents?: readonly Json[] }>
  readonly putEvents: (input: Members, caller: Caller) => unknown
  readonly sendMessage: (input: Members, caller: Caller) => unknown
  /** Runs a Batch job to its end, with the members of DescribeJobs' JobDetail; absent: such machines are refused. */
  readonly submitBatchJob?: (input: Members, caller: Caller, signal: AbortSignal) => Promise<Members>
}

/** Starts a child execution, or finds the one of the same attempt after a restart. */
export type ChildExecution = {
  readonly start: (input: Members) => { readonly executionArn: string; readonly startDate: number }
  /** Waits for the end and answers DescribeExecution's members. */
  readonly ended: (executionArn: string) => Promise<Members>
}

export type Call = {
  readonly caller: Caller
  readonly signal: AbortSignal
  readonly child: ChildExecution
}

export type IntegrationDependencies = Ports & {
  readonly authorize: Authorize
  readonly invoke: InvokeFunction
  readonly invokeAsync: (functionArn: string, payload: string) => unknown
  /** The ARN of a function by name, partial ARN or ARN. */
  readonly functionArn: (name: string) => string
}

/** An integration by its Resource: what history calls it, and the call. */
export type Integration = {
  readonly resourceType: string
  readonly resource: string
  readonly call: (dependencies: IntegrationDependencies, input: Members, call: Call) => Promise<unknown>
}

const prefix = 'arn:aws:states:::'

export const integrationOf = (resource: string): Integration => integrations[resource.slice(prefix.length)]!

/** The error of a service as a state sees it, `DynamoDB.ConditionalCheckFailedException`. */
const named = (service: string, error: unknown): unknown =>
  error instanceof AwsError
    ? new StateError(
        `${service}.${error.code.endsWith('Exception') ? error.code : `${error.code}Exception`}`,
        error.message,
      )
    : error

const integration = (
  resourceType: string,
  resource: string,
  service: string,
  call: (dependencies: IntegrationDependencies, input: Members, call: Call) => unknown,
): Integration => ({
  resourceType,
  resource,
  call: async (dependencies, input, context) => {
    try {
      return await call(dependencies, input, context)
    } catch (error) {
      throw named(service, error)
    }
  },
})

const invokeLambda = async (
  { authorize, invoke, invokeAsync, functionArn }: IntegrationDependencies,
  input: Members,
  { caller }: Call,
) => {
  const arn = functionArn(String(input.FunctionName))
  const payload = JSON.stringify(input.Payload ?? {})
  authorize(caller, 'lambda:InvokeFunction', arn)
  if (input.InvocationType === 'Event') {
    await invokeAsync(arn, payload)
    return { ExecutedVersion: '$LATEST', Payload: '', StatusCode: 202 }
  }
  const answer = await invoke(arn, payload)
  if (answer.kind === 'error') {
    const { errorType } = JSON.parse(answer.payload) as { errorType?: string }
    throw new StateError(errorType ?? 'Lambda.Unknown', answer.payload)
  }
  const value: unknown = answer.payload === '' ? null : JSON.parse(answer.payload)
  return { ExecutedVersion: '$LATEST', Payload: value, StatusCode: 200 }
}

const startExecution = (_: IntegrationDependencies, input: Members, { child }: Call) => {
  const { executionArn, startDate } = child.start(input)
  return { ExecutionArn: executionArn, StartDate: startDate * 1000 }
}

/** The rule by which Step Functions hears of the child's end; its role must be able to manage it. */
const childRule = 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'

const startExecutionSync = async ({ authorize }: IntegrationDependencies, input: Members, { caller, child }: Call) => {
  const rule = String(input.StateMachineArn).replace(
    /^arn:aws:states:([^:]*:[^:]*):.*/,
    `arn:aws:events:$1:${childRule}`,
  )
  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html, IAM policies.
  for (const action of ['events:PutTargets', 'events:PutRule', 'events:DescribeRule']) authorize(caller, action, rule)
  const { executionArn } = child.start(input)
  const ended = await child.ended(executionArn)
  const members = Object.entries(ended).map(([name, value]) => {
    const pascal = name.slice(0, 1).toUpperCase() + name.slice(1)
    const parsed = (name === 'input' || name === 'output') && typeof value === 'string' ? JSON.parse(value) : value
    return [pascal, pascal.endsWith('Date') && typeof parsed === 'number' ? parsed * 1000 : parsed]
  })
  const result = Object.fromEntries(members) as Members
  if (result.Status !== 'SUCCEEDED') throw new StateError('States.TaskFailed', JSON.stringify(result))
  return result
}

const putEvents = async ({ putEvents: put }: IntegrationDependencies, input: Members, { caller }: Call) => {
  // Detail may be an object in the optimised integration, https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
  const entries = (input.Entries as readonly Members[]).map((entry) => ({
    ...entry,
    Detail: typeof entry.Detail === 'string' ? entry.Detail : JSON.stringify(entry.Detail),
  }))
  const answer = (await put({ ...input, Entries: entries }, caller)) as { FailedEntryCount?: number }
  if ((answer.FailedEntryCount ?? 0) > 0) throw new StateError('EventBridge.FailedEntry', JSON.stringify(answer))
  return answer
}

const sendMessage = ({ sendMessage: send }: IntegrationDependencies, input: Members, { caller }: Call) =>
  send(
    {
      ...input,
      MessageBody: typeof input.MessageBody === 'string' ? input.MessageBody : JSON.stringify(input.MessageBody),
    },
    caller,
  )

const submitJob = async ({ submitBatchJob }: IntegrationDependencies, input: Members, { caller, signal }: Call) => {
  if (submitBatchJob === undefined) throw new StateError('Batch.BatchException', 'no batch service runs here')
  const job = await submitBatchJob(input, caller, signal)
  if (job.Status === 'FAILED') throw new StateError('States.TaskFailed', JSON.stringify(job))
  return job
}

/** Checked with its machine, and never run: no training machine is here. */
const createTrainingJob = (): never => {
  throw new StateError('SageMaker.AmazonSageMakerException', 'SageMaker does not run here: deploy to AWS')
}

const getObject = async ({ getObject: get }: IntegrationDependencies, input: Members, { caller }: Call) => {
  const object = await get(caller, input)
  return { ...object, Body: Buffer.from(object.Body).toString('utf8') }
}

const putObject = ({ putObject: put }: IntegrationDependencies, input: Members, { caller }: Call) => {
  const body = typeof input.Body === 'string' ? input.Body : JSON.stringify(input.Body)
  return put(caller, { ...input, Body: Buffer.from(body, 'utf8') })
}

const items = ['getItem', 'putItem', 'updateItem', 'deleteItem'].flatMap((name) => {
  const operation = name.slice(0, 1).toUpperCase() + name.slice(1)
  const call = ({ dynamodb }: IntegrationDependencies, input: Members, { caller }: Call) =>
    dynamodb(operation, input, caller)
  return [
    [`dynamodb:${name}`, integration('dynamodb', name, 'DynamoDB', call)],
    [`aws-sdk:dynamodb:${name}`, integration('aws-sdk:dynamodb', name, 'DynamoDb', call)],
  ] as const
})

const integrations: Readonly<Record<string, Integration>> = {
  'lambda:invoke': integration('lambda', 'invoke', 'Lambda', invokeLambda),
  'states:startExecution': integration('states', 'startExecution', 'StepFunctions', startExecution),
  'states:startExecution.sync:2': integration('states', 'startExecution.sync:2', 'StepFunctions', startExecutionSync),
  'events:putEvents': integration('events', 'putEvents', 'EventBridge', putEvents),
  'sqs:sendMessage': integration('sqs', 'sendMessage', 'SQS', sendMessage),
  'batch:submitJob.sync': integration('batch', 'submitJob.sync', 'Batch', submitJob),
  'sagemaker:createTrainingJob.sync': integration(
    'sagemaker',
    'createTrainingJob.sync',
    'SageMaker',
    createTrainingJob,
  ),
  'aws-sdk:s3:getObject': integration('aws-sdk:s3', 'getObject', 'S3', getObject),
  'aws-sdk:s3:putObject': integration('aws-sdk:s3', 'putObject', 'S3', putObject),
  ...Object.fromEntries(items),
}

export const integrationNames: readonly string[] = Object.keys(integrations).map((name) => prefix + name)
