/** How much longer a warm call in binary tensors takes than session.run alone; every remote part answers at once. */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { sha256 } from '../adapters/aws/artifacts.ts'
import { inspectOnnx } from '../src/onnx/inspect.ts'
import { figureOf } from './measure/figure.ts'
import { alternate, timeCalls } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { median } from './measure/statistics.ts'
import { randomRows } from './models/rows.ts'
import { features, tensorTreeModel } from './models/tree-model.ts'
import { postEvent } from './warm/event.ts'
import { warmHandler } from './warm/handler.ts'
import { openSessionRun } from './warm/session-run.ts'

const rows = 1000
const calls = 60
const pairs = 15
const usPerMs = 1000

const trees = tensorTreeModel()
const version = {
  model: 'trees',
  number: 1,
  digest: sha256(trees),
  sizeBytes: trees.length,
  signature: inspectOnnx(trees).signature,
  createdAtMs: 0,
}
const handler = warmHandler([{ file: trees, deployed: { version } }])
const values = Float32Array.from(randomRows(rows).flat())

/** The binary tensor extension: JSON, then the bytes of the tensors; base64 as the gateway gives bytes to a function. */
const binaryEvent = (): APIGatewayProxyEventV2 => {
  const input = {
    name: 'x',
    datatype: 'FP32',
    shape: [rows, features],
    parameters: { binary_data_size: values.byteLength },
  }
  const json = Buffer.from(JSON.stringify({ inputs: [input], parameters: { binary_data_output: true } }))
  const event = postEvent('/v2/models/trees/infer', {})
  return {
    ...event,
    headers: {
      ...event.headers,
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(json.length),
    },
    body: Buffer.concat([json, Buffer.from(values.buffer)]).toString('base64'),
    isBase64Encoded: true,
  }
}

const event = binaryEvent()
const context = {} as Context // the handler does not read it
const spentMs: { parse: number[]; infer: number[] } = { parse: [], infer: [] }

const ask = async (): Promise<void> => {
  const { statusCode, body, headers } = await handler(event, context)
  if (statusCode !== 200) throw new Error(`expected 200, got ${statusCode}: ${body}`)
  const timing = String(headers?.['server-timing'] ?? '')
  spentMs.parse.push(Number(/parse;dur=([\d.]+)/.exec(timing)?.[1]))
  spentMs.infer.push(Number(/infer;dur=([\d.]+)/.exec(timing)?.[1]))
}
const run = await openSessionRun(trees, values, [rows, features])

const ours = () => timeCalls(calls, usPerMs, ask)
const peer = () => timeCalls(calls, usPerMs, run)
await ours() // the compiler's time is not the question
await peer()
const taken = await alternate(pairs, ours, peer)
const figure = figureOf({
  question: `warm call, ${rows} rows x ${features}, binary tensors both ways`,
  unit: 'us',
  samples: taken.ours,
  peer: { name: 'session.run alone', samples: taken.peers },
  targets: [{ of: 'ratio', atMost: 1.15 }],
})
report(
  'predict-binary',
  [figure],
  [
    `Of a call by its own Server-Timing, medians: parse ${(median(spentMs.parse) * usPerMs).toFixed(0)} us, infer and encode ${(median(spentMs.infer) * usPerMs).toFixed(0)} us. Base64 of the gateway's event, both ways, is part of the call.`,
    'The handler and the model are those of predict-warm.',
  ],
)
