/**
 * The program inside each environment: loads the handler, then answers one call after the other over the pipe of channel.ts.
 * Does: what the managed runtime nodejs24.x does (async handlers only, console lines with time and request id).
 * Does not: stream responses (a loud error), freeze the process between calls, offer the Runtime API over HTTP.
 * Plain JavaScript, because stripping types costs 40 ms at each cold start.
 */
import { existsSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'

// From a function's second environment on: the code of predict loads in 95 instead of 134 ms (9 of 9 pairs).
// Portable: the code of another data folder lies elsewhere, but in the same place beside the cache.
enableCompileCache({ directory: process.argv[3], portable: true })

// The parent holds the other end: when it dies, even by kill -9, this end closes.
const pipe = new Socket({ fd: 3 })
pipe.on('close', () => process.exit(0)).on('error', () => process.exit(0))

// Ctrl-C in a terminal reaches the whole process group; the parent finishes what is in flight and then ends us.
process.on('SIGINT', () => undefined)

const prefixBytes = 8

const send = (head, payload, sent) => {
  const text = JSON.stringify(head)
  const headBytes = Buffer.byteLength(text)
  const payloadBytes = Buffer.byteLength(payload)
  const frame = Buffer.allocUnsafe(prefixBytes + headBytes + payloadBytes)
  frame.writeUInt32BE(headBytes, 0)
  frame.writeUInt32BE(payloadBytes, 4)
  frame.write(text, prefixBytes)
  frame.write(payload, prefixBytes + headBytes)
  pipe.write(frame, sent)
}

/** Calls back with the head and the text of each invocation. */
const receive = (onInvocation) => {
  let chunks = []
  let pendingBytes = 0
  let wantedBytes = prefixBytes
  const step = () => {
    if (pendingBytes < wantedBytes) return false
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, pendingBytes)
    chunks = [bytes]
    const payloadAt = prefixBytes + bytes.readUInt32BE(0)
    wantedBytes = payloadAt + bytes.readUInt32BE(4)
    if (bytes.length < wantedBytes) return false
    const head = JSON.parse(bytes.toString('utf8', prefixBytes, payloadAt))
    const text = bytes.toString('utf8', payloadAt, wantedBytes)
    pendingBytes = bytes.length - wantedBytes
    chunks = pendingBytes > 0 ? [bytes.subarray(wantedBytes)] : []
    wantedBytes = prefixBytes
    onInvocation(head, text)
    return true
  }
  pipe.on('data', (chunk) => {
    chunks.push(chunk)
    pendingBytes += chunk.length
    while (step());
  })
}

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
  send({ type: 'crash' }, describe(error), () => process.exit(exitCode))
}
process.on('uncaughtException', (error) => crash(129, error))
process.on('unhandledRejection', (reason) =>
  crash(
    128,
    runtimeError('Runtime.UnhandledPromiseRejection', reason instanceof Error ? String(reason) : format(reason)),
  ),
)

const contextOf = ({ requestId: awsRequestId, invokedArn, deadlineMs }) => {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: invokedArn,
    awsRequestId,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  }
}

const answer = async (handler, head, text) => {
  try {
    const result = await handler(JSON.parse(text), contextOf(head))
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
    send({ type: 'crash' }, describe(error), () => process.exit(1))
    return
  }
  let calls = 0
  receive(async (head, text) => {
    requestId = head.requestId
    process.env._X_AMZN_TRACE_ID = head.traceId
    const [type, payload] = await answer(handler, head, text)
    requestId = undefined
    send({ type, requestId: head.requestId }, payload)
    if (calls++ === 0) flushCompileCache() // the process ends by a signal, at which Node would not write it
  })
  send({ type: 'ready' }, '')
}

run()
