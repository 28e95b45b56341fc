/**
 * The program inside each environment: loads the handler, then asks our Runtime API for one call after the other.
 * Does: what the managed runtime nodejs24.x does (async handlers only, console lines with time and request id).
 * Does not: stream responses (a loud error), freeze the process between calls.
 * Plain JavaScript, because stripping types costs 40 ms at each cold start.
 */
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'

// From a function's second environment on: the code of predict loads in 95 instead of 134 ms (9 of 9 pairs).
enableCompileCache(process.argv[3])

// The parent holds the other end: when it dies, even by kill -9, this end closes.
new Socket({ fd: 3 })
  .resume()
  .on('close', () => process.exit(0))
  .on('error', () => process.exit(0))

// Ctrl-C in a terminal reaches the whole process group; the parent finishes what is in flight and then ends us.
process.on('SIGINT', () => undefined)

const slash = process.env.AWS_LAMBDA_RUNTIME_API.indexOf('/')
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.slice(0, slash).split(':')
const base = `${process.env.AWS_LAMBDA_RUNTIME_API.slice(slash)}/2018-06-01/runtime`
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const send = (method, path, body) =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const call = request({ hostname, port, method, path: base + path, agent, headers }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }))
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })

const runtimeError = (errorType, message) => Object.assign(new Error(message), { name: errorType })

const describe = (error) =>
  JSON.stringify(
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
      : { errorType: typeof error, errorMessage: format(error), trace: [] },
  )

let requestId

const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' }
const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON'
for (const [method, level] of Object.entries(levels)) {
  console[method] = (...values) => {
    const timestamp = new Date().toISOString()
    const message = json && values.length === 1 && !(values[0] instanceof Error) ? values[0] : format(...values)
    process.stdout.write(
      json
        ? `${JSON.stringify({ timestamp, level, ...(requestId && { requestId }), message })}\n`
        : `${timestamp}\t${requestId ?? 'undefined'}\t${level}\t${message}\n`,
    )
  }
}

globalThis.awslambda = {
  streamifyResponse: () => {
    throw runtimeError('Runtime.StreamingNotSupported', 'awslambda.streamifyResponse: not supported by this runtime')
  },
}

const load = async () => {
  const dot = process.env._HANDLER.lastIndexOf('.')
  const [name, member] = [process.env._HANDLER.slice(0, dot), process.env._HANDLER.slice(dot + 1)]
  const files = ['.js', '.mjs', '.cjs'].map((extension) => join(process.env.LAMBDA_TASK_ROOT, name + extension))
  const file = files.find(existsSync)
  if (!file) throw runtimeError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`)
  let loaded
  try {
    loaded = await import(pathToFileURL(file))
  } catch (error) {
    const missing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code)
    if (missing) throw runtimeError('Runtime.ImportModuleError', `Error: ${error.message}`)
    if (error instanceof SyntaxError) throw runtimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`)
    throw error
  }
  const handler = loaded[member] ?? loaded.default?.[member]
  if (typeof handler !== 'function') {
    throw runtimeError('Runtime.HandlerNotFound', `${process.env._HANDLER} is undefined or not exported`)
  }
  if (handler.length > 2) {
    throw runtimeError(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24',
    )
  }
  return handler
}

// As the managed runtime: 128 after an unhandled rejection, 129 after an uncaught exception.
const crash = (exitCode, error) => {
  process.stdout.write(`${new Date().toISOString()}\t${requestId ?? 'undefined'}\tERROR\t${describe(error)}\n`)
  const path = requestId ? `/invocation/${requestId}/error` : '/init/error'
  const own = new Agent()
  const call = request({ hostname, port, method: 'POST', path: base + path, agent: own }, () => process.exit(exitCode))
  call.on('error', () => process.exit(exitCode))
  call.end(describe(error))
}
process.on('uncaughtException', (error) => crash(129, error))
process.on('unhandledRejection', (reason) =>
  crash(
    128,
    runtimeError('Runtime.UnhandledPromiseRejection', reason instanceof Error ? String(reason) : format(reason)),
  ),
)

const contextOf = (headers) => {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms'])
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  }
}

const answer = async (handler, headers, text) => {
  try {
    const result = await handler(JSON.parse(text), contextOf(headers))
    let body
    try {
      body = JSON.stringify(result) ?? 'null'
    } catch (error) {
      throw runtimeError('Runtime.MarshalError', `Unable to stringify response body: ${error.message}`)
    }
    return ['response', body]
  } catch (error) {
    console.error(`Invoke Error \t${describe(error)}`)
    return ['error', describe(error)]
  }
}

const run = async () => {
  let handler
  try {
    handler = await load()
  } catch (error) {
    process.stdout.write(`${new Date().toISOString()}\tundefined\tERROR\tUncaught Exception\t${describe(error)}\n`)
    await send('POST', '/init/error', describe(error))
    process.exit(1)
  }
  let calls = 0
  for (;;) {
    const { headers, text } = await send('GET', '/invocation/next')
    requestId = headers['lambda-runtime-aws-request-id']
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id']
    const id = requestId
    const [path, body] = await answer(handler, headers, text)
    await send('POST', `/invocation/${id}/${path}`, body)
    requestId = undefined
    if (calls++ === 0) flushCompileCache() // the process ends by a signal, at which Node would not write it
  }
}

// The Runtime API answers every request while the parent lives; a failed one means that there is nobody to work for.
run().catch(() => process.exit(1))
