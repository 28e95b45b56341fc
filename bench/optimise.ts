/** What optimising a graph saves and takes: dynamic int8 of a net, and all variants of a large file. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { feedsOf } from '../adapters/sessions/onnx-tensor.ts'
import { sessionOptions } from '../adapters/sessions/session-options.ts'
import { optimiseFile } from '../adapters/variants/optimise-file.ts'
import { createGraph } from '../src/onnx/graph.ts'
import { rewrite } from '../src/onnx/optimise/rewrite.ts'
import { outputQuality } from '../src/optimise/quality.ts'
import { createRandom } from '../src/random.ts'
import { countedFigure, figureOf } from './measure/figure.ts'
import { alternate, timeCalls } from './measure/pairs.ts'
import { report } from './measure/result.ts'

const program = { file: join(import.meta.dirname, '../adapters/child/child.ts'), options: [], environment: {} }
const pairs = 7
const batchRows = 1000
const calls = 5

const uniform = (count: number, bound: number, random: () => number): Float32Array =>
  Float32Array.from({ length: count }, () => (2 * random() - 1) * bound)

/** Layers of Gemm and Relu with weights as a fit begins with. */
const net = (sizes: readonly number[]): Uint8Array => {
  const random = createRandom(1)
  const graph = createGraph('net')
  let value = graph.input('x', 'FP32', [-1, sizes[0]!])
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [inputs, outputs] = [sizes[l]!, sizes[l + 1]!]
    const weights = uniform(inputs * outputs, Math.sqrt(6 / (inputs + outputs)), random)
    const matrix = graph.constant('FP32', [inputs, outputs], weights)
    const sum = graph.node('Gemm', [value, matrix, graph.constant('FP32', [outputs], new Float32Array(outputs))])
    value = l + 2 < sizes.length ? graph.node('Relu', [sum]) : graph.node('Identity', [sum], { output: 'y' })
  }
  graph.output('y', 'FP32', [-1, sizes.at(-1)!])
  return graph.toBytes()
}

const openOnOneThread = (bytes: Uint8Array) => InferenceSession.create(bytes, sessionOptions('onnx', 1))

const layerWidth = 512

/** The net's middle layer without anything around it: x W. */
const product = (input: 'FP32' | 'UINT8', weights: Float32Array | Int8Array): Uint8Array => {
  const graph = createGraph('product')
  const x = graph.input('x', input, [-1, layerWidth])
  const [operator, output] = input === 'FP32' ? (['MatMul', 'FP32'] as const) : (['MatMulInteger', 'INT32'] as const)
  const matrix = graph.constant(input === 'FP32' ? 'FP32' : 'INT8', [layerWidth, layerWidth], weights)
  graph.node(operator, [x, matrix], { output: 'y' })
  graph.output('y', output, [-1, layerWidth])
  return graph.toBytes()
}

/** What no rewrite gets below: the runtime's kernel for whole numbers, against the one for floats. */
const boundFigure = async () => {
  const shape = [batchRows, layerWidth]
  const values = uniform(batchRows * layerWidth, 1, createRandom(3))
  const weights = uniform(layerWidth * layerWidth, 1, createRandom(4))
  const whole = await openOnOneThread(
    product(
      'UINT8',
      Int8Array.from(weights, (value) => Math.round(63 * value)),
    ),
  )
  const float = await openOnOneThread(product('FP32', weights))
  const bytes = Uint8Array.from(values, (value) => Math.round(127 + 127 * value))
  const wholeFeeds = feedsOf([{ name: 'x', datatype: 'UINT8', shape, data: bytes }])
  const floatFeeds = feedsOf([{ name: 'x', datatype: 'FP32', shape, data: values }])
  const { ours: samples, peers } = await alternate(
    pairs,
    () => timeCalls(calls, 1, () => whole.run(wholeFeeds)),
    () => timeCalls(calls, 1, () => float.run(floatFeeds)),
  )
  return figureOf({
    question: `the product of ${batchRows} rows by 512 x 512 alone, in bytes, which bounds what int8 can gain`,
    unit: 'ms',
    samples,
    peer: { name: 'in floats', samples: peers },
  })
}

/** Products of bytes have an instruction of their own there. */
const vnniNote = (): string => {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  return `VNNI: ${/\bavx(?:512)?_vnni\b/.test(flags) ? 'yes' : 'no, or not told'}`
}

const int8Figures = async () => {
  const float = net([30, 512, 512, 1])
  const rewritten = rewrite(float, 'int8', process.arch === 'x64' ? 7 : 8)
  if (rewritten.kind === 'refused') throw new Error(rewritten.reason)
  const int8 = Buffer.concat(rewritten.pieces)
  const [ours, peer] = [await openOnOneThread(int8), await openOnOneThread(float)]
  const data = uniform(batchRows * 30, 1, createRandom(2))
  const feeds = feedsOf([{ name: 'x', datatype: 'FP32', shape: [batchRows, 30], data }])
  const time = (session: InferenceSession) => timeCalls(calls, 1, () => session.run(feeds))
  const { ours: samples, peers } = await alternate(
    pairs,
    () => time(ours),
    () => time(peer),
  )
  return [
    countedFigure({
      question: 'size of 30-512-512-1 in dynamic int8',
      unit: 'bytes',
      value: int8.length,
      peer: { name: 'the float graph', value: float.length },
      targets: [{ of: 'ratio', atMost: 0.3 }],
    }),
    figureOf({
      question: `${batchRows} rows through 30-512-512-1 in dynamic int8, one thread`,
      unit: 'ms',
      samples,
      peer: { name: 'the float graph', samples: peers },
      targets: [{ of: 'ratio', atMost: 0.5 }],
    }),
  ]
}

/** The memory of this process with a large file's variants; the children that run them have limits of their own. */
const largeFigures = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-bench-optimise-'))
  try {
    const path = join(folder, 'model.onnx')
    writeFileSync(path, net([1024, 4096, 4096, 1024]))
    const deps = {
      ...{ program, threads: 1, weightBits: 7 as const },
      limits: { timeMs: 60_000, memoryMb: 1769 },
      timing: { mostRuns: 200, mostMs: 500 },
    }
    const beganAtMs = performance.now()
    const request = { path, folder, policy: 'smallest:5%', judge: outputQuality, others: {} }
    const { optimisation } = await optimiseFile(deps)(request)
    const seconds = (performance.now() - beganAtMs) / 1000
    const peakMb = process.resourceUsage().maxRSS / 1024
    const note = optimisation.variants.map(({ name, state }) => `${name} ${state}`).join(', ')
    return {
      note,
      figures: [
        countedFigure({
          question: 'every variant of a file of 96 MB made and measured',
          unit: 's',
          value: seconds,
          targets: [{ of: 'value', atMost: 60 }],
        }),
        countedFigure({
          question: 'the most memory of the process that does so, its children apart',
          unit: 'MB',
          value: peakMb,
          targets: [{ of: 'value', atMost: 1024 }],
        }),
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { figures, note } = await largeFigures()
report('optimise', [...(await int8Figures()), await boundFigure(), ...figures], [note, vnniNote()])
