/** Resident memory of the predict environment while 200 models are pushed, called once and evicted. */
import { setTimeout } from 'node:timers/promises'
import { pushVersion } from '../client/registry.ts'
import { memoryOf } from '../local/functions/memory.ts'
import { figureOf } from './measure/figure.ts'
import { once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { denseModel } from './models/dense-model.ts'
import { features } from './models/tree-model.ts'
import { startService } from './service/service.ts'

const readings = 7
const pauseMs = 100
const pushesAtOnce = 2
const models = 200
/** 3.8 MB each: 115 fill the quarter of 1769 MB that a small predict function keeps for files. */
const widths = [30, 960, 960, 1]
const untilFull = 120
const growthTarget = { of: 'ratio', atMost: 1.05 } as const

if (memoryOf(process.pid) === undefined) {
  console.log('evicted: there is no /proc here, nothing is measured')
  process.exit()
}

const service = await startService()

const body = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, features], data: new Array(features).fill(0.5) }],
})

const call = async (model: number): Promise<void> => {
  const answer = await fetch(`${service.url}/v2/models/model-${model}/infer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.consumerKey}`, 'content-type': 'application/json' },
    body,
  })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`model ${model}: expected 200, got ${answer.status}: ${text}`)
}

const callEach = async (from: number, until: number): Promise<void> => {
  for (let model = from; model < until; model++) await call(model)
}

const pushAll = async (): Promise<void> => {
  let next = 0
  const push = async (): Promise<void> => {
    while (next < models) {
      const model = next++
      await pushVersion(service.owner, `model-${model}`, denseModel(widths, model))
    }
  }
  await Promise.all(Array.from({ length: pushesAtOnce }, push))
}

const residentMb = async (): Promise<number> => {
  const predicting = (await service.environments()).filter(({ functionName }) => /-predict/.test(functionName))
  return predicting.reduce((sum, { pid }) => sum + (memoryOf(pid)?.residentMb ?? 0), 0)
}

const samples = async () => {
  const taken: number[] = []
  for (let i = 0; i < readings; i++) {
    await setTimeout(pauseMs)
    taken.push(await residentMb())
  }
  return taken.map(once)
}

const msPerSecond = 1000

try {
  const beganAtMs = performance.now()
  await pushAll()
  const pushSeconds = (performance.now() - beganAtMs) / msPerSecond
  await call(0)
  const one = await samples()
  await callEach(1, untilFull)
  const full = await samples()
  await callEach(untilFull, models)
  const first = await samples()
  await callEach(0, models)
  const second = await samples()
  await callEach(0, models)
  const third = await samples()
  const environments = (await service.environments()).filter(({ functionName }) => /-predict/.test(functionName))
  report(
    'evicted',
    [
      figureOf({ question: 'resident memory of predict, one model of 3.8 MB open', unit: 'MB', samples: one }),
      figureOf({
        question: `the same after ${models} models were called once`,
        unit: 'MB',
        samples: first,
        peer: { name: `after ${untilFull} of them, when the first was evicted`, samples: full },
        targets: [growthTarget],
      }),
      figureOf({
        question: 'the same after all were loaded, called and evicted a second time',
        unit: 'MB',
        samples: second,
        peer: { name: 'after the first time', samples: first },
        targets: [growthTarget],
      }),
      figureOf({
        question: 'the same after a third time',
        unit: 'MB',
        samples: third,
        peer: { name: 'after the second time', samples: second },
        targets: [growthTarget],
      }),
    ],
    [
      `Each model was pushed over HTTP and probed like any other, ${pushesAtOnce} at once: ${(pushSeconds / models).toFixed(2)} s a push. ${environments.length} environments of predict answered, one after the other.`,
      'A file is open as its pre-optimised form; 115 fit at once, so each further call evicts one, and each call of the second and third round is a load and an eviction.',
    ],
  )
} finally {
  await service.close()
}
