import { afterAll, beforeAll, expect, test } from 'vitest'
import { arnOf, functionResource, setup } from './setup.ts'

let lambda: Awaited<ReturnType<typeof setup>>

beforeAll(async () => {
  lambda = await setup({ initLimitMs: 700 })
  lambda.add('probe', { Environment: { Variables: { TABLE: 'cars' } } })
  lambda.add('short', { Timeout: 1 })
  lambda.add('small', { MemorySize: 128 })
  for (const fixture of ['module', 'missing-package', 'no-handler', 'crash-in-init', 'callback', 'streaming']) {
    lambda.add(fixture, {}, fixture)
  }
  lambda.add('slow-once', { Environment: { Variables: { MARKER: `${lambda.folder}/once` } } }, 'slow-init')
  const always = { MARKER: `${lambda.folder}/always`, ALWAYS: '1' }
  lambda.add('slow-always', { Environment: { Variables: always }, Timeout: 1 }, 'slow-init')
})
afterAll(() => lambda.close())

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html and nodejs-exceptions.html
test.for([
  {
    given: 'an object',
    name: 'probe',
    event: { action: 'echo', a: [1, 'é'] },
    payload: { action: 'echo', a: [1, 'é'] },
  },
  { given: 'undefined', name: 'probe', event: { action: 'nothing' }, payload: null },
  { given: 'an ESM handler', name: 'module', event: 1, payload: { module: true, event: 1 } },
  { given: 'an initialization over its limit', name: 'slow-once', event: {}, payload: 'initialized' },
])('$given -> its JSON', async ({ name, event, payload }) => {
  expect(await lambda.call(name, event)).toEqual({ kind: 'answer', payload })
})

test.for([
  {
    given: 'a thrown error',
    name: 'probe',
    event: { action: 'throw', name: 'OddError', message: 'no' },
    error: {
      errorType: 'OddError',
      errorMessage: 'no',
      trace: expect.arrayContaining([expect.stringContaining('index.js')]),
    },
  },
  {
    given: 'a thrown string',
    event: { action: 'throwValue', value: 'no' },
    error: { errorType: 'string', errorMessage: 'no' },
  },
  { given: 'exit 1', event: { action: 'exit', code: 1 }, error: exitError('Runtime exited with error: exit status 1') },
  {
    given: 'exit 0',
    event: { action: 'exit', code: 0 },
    error: exitError('Runtime exited without providing a reason'),
  },
  {
    given: 'an uncaught exception',
    event: { action: 'uncaught' },
    error: { errorType: 'TypeError', errorMessage: 'thrown aside' },
  },
  {
    given: 'an unhandled rejection',
    event: { action: 'unhandled' },
    error: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: rejected aside' },
  },
  { given: 'a circular answer', event: { action: 'circular' }, error: { errorType: 'Runtime.MarshalError' } },
  {
    given: 'an answer over 6 MB',
    event: { action: 'large', bytes: 6_291_557 },
    error: { errorType: 'Function.ResponseSizeTooLarge' },
  },
  { given: 'more than 1 s of waiting', name: 'short', event: { action: 'sleep', ms: 60_000 }, error: timeout('1.00') },
  { given: 'more than 1 s of work', name: 'short', event: { action: 'spin' }, error: timeout('1.00') },
  { given: 'an initialization longer than the timeout', name: 'slow-always', event: {}, error: timeout('1.00') },
  {
    given: 'more memory than 128 MB',
    name: 'small',
    event: { action: 'allocate' },
    error: { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringMatching(/^RequestId: .* signal: killed$/) },
  },
  {
    given: 'a package that no layer has',
    name: 'missing-package',
    error: {
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining("Cannot find module 'fast-check'"),
    },
  },
  {
    given: 'no export of that name',
    name: 'no-handler',
    error: { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
  },
  { given: 'exit while loading', name: 'crash-in-init', error: exitError('Runtime exited with error: exit status 7') },
  { given: 'a callback handler', name: 'callback', error: { errorType: 'Runtime.CallbackHandlerDeprecated' } },
  { given: 'a streaming handler', name: 'streaming', error: { errorType: 'Runtime.StreamingNotSupported' } },
])('$given -> $error.errorType', async ({ name = 'probe', event = {}, error }) => {
  const outcome = await lambda.call(name, event)
  expect(outcome).toMatchObject({ kind: 'error', functionError: 'Unhandled', payload: error })
  expect(await lambda.call('probe', { action: 'echo', next: 1 })).toMatchObject({ kind: 'answer' })
})

function exitError(message: string) {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(new RegExp(`^RequestId: [\\w-]+ Error: ${message}$`)),
  }
}

function timeout(seconds: string) {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(`Error: Task timed out after ${seconds} seconds$`),
  }
}

test('an answer of exactly 6 MB and 100 bytes -> whole', async () => {
  const outcome = await lambda.call('probe', { action: 'large', bytes: 6_291_556 })
  expect(outcome).toMatchObject({ kind: 'answer' })
  expect(outcome.payload).toHaveLength(6_291_554)
})

test.for([
  {
    given: 'a request over 6 MB',
    arn: arnOf('probe'),
    payload: `"${'x'.repeat(6_291_455)}"`,
    code: 'RequestEntityTooLargeException',
    status: 413,
  },
  { given: 'an unknown function', arn: arnOf('nobody'), payload: '{}', code: 'ResourceNotFoundException', status: 404 },
  {
    given: 'a payload that is no JSON',
    arn: arnOf('probe'),
    payload: '{',
    code: 'InvalidRequestContentException',
    status: 400,
  },
])('$given -> $code', async ({ arn, payload, code, status }) => {
  await expect(lambda.functions.invoke(arn, payload, { kind: 'admin' })).rejects.toMatchObject({ code, status })
})

test('a caller without the permission -> what authorize throws, and no environment', async () => {
  lambda.add('guarded')
  const caller = { kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/other' } as const
  const refusal = { code: 'AccessDeniedException', message: `lambda:InvokeFunction on ${arnOf('guarded')}` }
  await expect(lambda.functions.invoke(arnOf('guarded'), '{}', caller)).rejects.toMatchObject(refusal)
  expect(lambda.functions.environments().filter((one) => one.functionName === 'guarded')).toEqual([])
})

test('the environment -> template, own and Lambda variables, nothing of the parent but PATH', async () => {
  process.env.PARENT_SECRET = 'secret'
  const { payload } = await lambda.call('probe', { action: 'environment' })
  expect(payload).toMatchObject({
    TABLE: 'cars',
    AWS_ACCESS_KEY_ID: 'probe',
    AWS_LAMBDA_FUNCTION_NAME: 'probe',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_REGION: 'us-east-1',
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
  })
  const own = /^(AWS_.*|_.*|LAMBDA_TASK_ROOT|LANG|NODE_PATH|PATH|SystemRoot|TABLE|TEMP|TMPDIR|TZ)$/
  expect(Object.keys(payload).filter((name) => !own.test(name))).toEqual([])
})

test('the context -> that of Lambda', async () => {
  const { payload } = await lambda.call('probe', { action: 'context' })
  expect(payload).toMatchObject({
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    functionName: 'probe',
    functionVersion: '$LATEST',
    invokedFunctionArn: arnOf('probe'),
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/probe',
    callbackWaitsForEmptyEventLoop: true,
  })
  expect(payload.remaining).toBeGreaterThan(0)
  expect(payload.remaining).toBeLessThanOrEqual(60_000)
})

test('files -> own empty writable TMPDIR, empty working folder, code read-only unless root', async () => {
  lambda.add('files')
  const { payload } = await lambda.call('files', { action: 'files' })
  const refused = process.getuid?.() === 0 ? 'written' : 'EACCES' // root may write everywhere
  expect(payload).toEqual({ listed: [], cwd: [], temporary: 'written', work: refused, code: refused })
})

test.for([
  {
    given: 'an unknown property',
    properties: { Snap: 1, FileSystemConfigs: [] },
    message: /unknown properties Snap, FileSystemConfigs/,
  },
  {
    given: 'another runtime',
    properties: { Runtime: 'python3.13' },
    message: /expected Runtime nodejs24.x, got python3.13/,
  },
  {
    given: 'a reserved variable',
    properties: { Environment: { Variables: { AWS_REGION: 'x' } } },
    message: /AWS_REGION is reserved/,
  },
])('$given -> an error that names it', ({ properties, message }) => {
  expect(() => lambda.functions.addFunction(functionResource('bad', properties), '', [])).toThrow(message)
})
