/**
 * One AWS::Lambda::Function of the template, read strictly.
 * Does: name every property it does not know. Does not: look at code or layers' contents.
 */
import type { Resource } from '../service.ts'

export type FunctionConfiguration = {
  readonly name: string
  readonly arn: string
  readonly roleArn: string
  readonly handlerName: string
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly environment: Readonly<Record<string, string>>
  readonly reservedConcurrency: number | undefined
  readonly deadLetterArn: string | undefined
  readonly logFormat: 'Text' | 'JSON'
  readonly logGroup: string
}

/** Throws with every property that the list does not have. */
export const refuseUnknown = (where: string, value: object, known: readonly string[]): void => {
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  if (unknown.length > 0) throw new Error(`${where}: unknown properties ${unknown.join(', ')}`)
}

/** A function's settings with AWS's defaults (3 s, 128 MB). Throws on unknown properties and other runtimes. */
export const configurationOf = (resource: Resource): FunctionConfiguration => {
  const where = `${resource.stack}/${resource.logicalId} (${resource.type})`
  const properties = resource.properties
  refuseUnknown(where, properties, knownProperties)
  if (properties.Runtime !== 'nodejs24.x') {
    throw new Error(`${where}: expected Runtime nodejs24.x, got ${properties.Runtime}`)
  }
  const arn = resource.attributes.Arn
  if (!arn) throw new Error(`${where}: no attribute Arn`)
  refuseUnknown(`${where} LoggingConfig`, properties.LoggingConfig ?? {}, knownLogging)
  const environment: Record<string, unknown> = properties.Environment?.Variables ?? {}
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value !== 'string') throw new Error(`${where}: Environment ${name}: expected a string, got ${value}`)
    if (reservedVariables.has(name)) throw new Error(`${where}: Environment ${name} is reserved by Lambda`)
  }
  return {
    name: resource.ref,
    arn,
    roleArn: properties.Role,
    handlerName: properties.Handler,
    timeoutMs: 1000 * Number(properties.Timeout ?? 3),
    memoryMb: Number(properties.MemorySize ?? 128),
    environment: environment as Record<string, string>, // checked above, value by value
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    deadLetterArn: properties.DeadLetterConfig?.TargetArn,
    logFormat: properties.LoggingConfig?.LogFormat ?? 'Text',
    logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${resource.ref}`,
  }
}

const knownProperties = [
  'Architectures',
  'Code',
  'DeadLetterConfig',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FunctionName',
  'Handler',
  'KmsKeyArn',
  'Layers',
  'LoggingConfig',
  'MemorySize',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'Tags',
  'Timeout',
  'TracingConfig',
]
const knownLogging = ['ApplicationLogLevel', 'LogFormat', 'LogGroup', 'SystemLogLevel']

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
])
