/** How much longer a warm call takes than the arithmetic it is for; every remote part answers at once. */
import type { Context } from 'aws-lambda'
import { sha256 } from '../adapters/aws/artifacts.ts'
import type { Deployed } from '../src/call/deployed.ts'
import { inspectOnnx } from '../src/onnx/inspect.ts'
import { figureOf, type Target } from './measure/figure.ts'
import { alternate, timeCalls } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { randomRows } from './models/rows.ts'
import { columnNames, columnTreeModel, features, tensorTreeModel } from './models/tree-model.ts'
import { openFloor } from './peers/floor.ts'
import { postEvent } from './warm/event.ts'
import { type Served, warmHandler } from './warm/handler.ts'

const servedAs = (model: string, file: Uint8Array, manifest?: Deployed['manifest']): Served => ({
  file,
  deployed: {
    version: {
      model,
      number: 1,
      digest: sha256(file),
      sizeBytes: file.length,
      signature: inspectOnnx(file).signature,
      createdAtMs: 0,
    },
    ...(manifest && { manifest }),
  },
})

const columnManifest: Deployed['manifest'] = {
  schema: 1,
  percall: '0',
  task: 'regression',
  target: { name: 'y', kind: 'numeric' },
  codec: {
    codecVersion: 1,
    columns: columnNames.map((name) => ({ name, missing: [], kind: 'numeric', datatype: 'FP32', decimal: '.' })),
  },
  outputs: { prediction: 'y' },
}

const trees = tensorTreeModel()
const handler = warmHandler([servedAs('trees', trees), servedAs('columns', columnTreeModel(), columnManifest)])
const floor = await openFloor(trees)

const inferBody = (rows: readonly (readonly number[])[]) => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [rows.length, features], data: rows.flat() }],
})

const instancesBody = (rows: readonly (readonly number[])[]) => ({
  instances: rows.map((row) => Object.fromEntries(columnNames.map((name, i) => [name, row[i]]))),
})

const context = {} as Context // the handler does not read it

const answerTo = (event: ReturnType<typeof postEvent>) => async (): Promise<unknown> => {
  const { statusCode, body } = await handler(event, context)
  if (statusCode !== 200) throw new Error(`expected 200, got ${statusCode}: ${body}`)
  return body
}

const pairs = 11
const usPerMs = 1000

type Question = {
  readonly question: string
  readonly rows: number
  readonly path: string
  readonly body: (rows: readonly (readonly number[])[]) => unknown
  /** Calls a sample. */
  readonly calls: number
  readonly targets: readonly Target[]
}

const questions: readonly Question[] = [
  {
    question: 'warm call, 1 row x 30, tensors in JSON',
    rows: 1,
    path: '/v2/models/trees/infer',
    body: inferBody,
    calls: 2000,
    targets: [
      { of: 'ratio', atMost: 3 },
      { of: 'value', atMost: 100 },
    ],
  },
  {
    question: 'warm call, 1000 rows x 30, tensors in JSON',
    rows: 1000,
    path: '/v2/models/trees/infer',
    body: inferBody,
    calls: 60,
    targets: [{ of: 'ratio', atMost: 1.1 }],
  },
  {
    question: 'warm call, 1000 rows x 30, by named columns',
    rows: 1000,
    path: '/v1/models/columns:predict',
    body: instancesBody,
    calls: 30,
    targets: [{ of: 'ratio', atMost: 2 }],
  },
]

const figures = []
for (const { question, rows, path, body, calls, targets } of questions) {
  const table = randomRows(rows)
  const call = answerTo(postEvent(path, body(table)))
  const text = JSON.stringify(inferBody(table))
  const ours = () => timeCalls(calls, usPerMs, call)
  const peer = () => timeCalls(calls, usPerMs, () => floor(text))
  await Promise.all([ours(), peer()]) // the compiler's time is not the question
  const taken = await alternate(pairs, ours, peer)
  const name = 'JSON.parse, tensor, run, JSON.stringify'
  figures.push(figureOf({ question, unit: 'us', samples: taken.ours, peer: { name, samples: taken.peers }, targets }))
}

report('predict-warm', figures, [
  'The handler is composed of its own parts as functions/predict.ts composes them, from gateway event to response object; registry, objects and ledger answer at once, the log line is made and not written.',
  'The model has 100 trees of 32 leaves over 30 FP32 features, one thread. Rows have six decimals.',
  'The floor of named columns is the floor of the same values as one flat tensor: the names are part of the price.',
])
