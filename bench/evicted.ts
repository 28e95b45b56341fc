/** Resident memory of the predict environment while 80 models are pushed, called and evicted, three times over. */
import { pushVersion } from '../client/registry.ts'
import { memoryOf } from '../local/functions/memory.ts'
import { figureOf } from './measure/figure.ts'
import { once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { denseModel } from './models/dense-model.ts'
import { features } from './models/tree-model.ts'
import { startService } from './service/service.ts'

const callsPerReading = 4
const pushesAtOnce = 2
/** A push is probed in processes of its own and takes a second: of 200 models they alone took the four minutes of a bench. */
const models = 80
/** A small predict function of this size keeps a quarter of it for files: 44 of 3.8 MB each. */
const predictMb = '640'
const widths = [30, 960, 960, 1]
const untilFull = 48
const growthTarget = { of: 'ratio', atMost: 1.05 } as const

if (memoryOf(process.pid) === undefined) {
  console.log('evicted: there is no /proc here, nothing is measured')
  process.exit()
}

const service = await startService({ 'percall:predict-mb': predictMb })

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

/** Calls every model in turn; megabytes at every fourth call from when the first is evicted. */
const callAll = async (): Promise<readonly number[]> => {
  const taken: number[] = []
  for (let model = 0; model < models; model++) {
    await call(model)
    if (model >= untilFull && model % callsPerReading === 0) taken.push(await residentMb())
  }
  return taken
}

const msPerSecond = 1000

try {
  const beganAtMs = performance.now()
  await pushAll()
  const pushSeconds = (performance.now() - beganAtMs) / msPerSecond
  const rounds: (readonly number[])[] = []
  for (let round = 0; round < 3; round++) rounds.push(await callAll())
  const [first = [], second = [], third = []] = rounds.map((taken) => taken.map(once))
  const environments = (await service.environments()).filter(({ functionName }) => /-predict/.test(functionName))
  report(
    'evicted',
    [
      figureOf({
        question: `resident memory of predict while ${models} models of 3.8 MB are called once and evicted`,
        unit: 'MB',
        samples: first,
      }),
      figureOf({
        question: 'the same while all are called and evicted a second time',
        unit: 'MB',
        samples: second,
        peer: { name: 'the first time', samples: first },
        targets: [growthTarget],
      }),
      figureOf({
        question: 'the same, a third time',
        unit: 'MB',
        samples: third,
        peer: { name: 'the second time', samples: second },
        targets: [growthTarget],
      }),
    ],
    [
      `Each model was pushed over HTTP and probed like any other, ${pushesAtOnce} at once: ${(pushSeconds / models).toFixed(2)} s a push. ${environments.length} environments of predict answered, one after the other.`,
      `Predict is deployed with ${predictMb} MB. A file is open as its pre-optimised form; 44 fit at once, so each further call evicts one, and each call of the second and third round is a load and an eviction. Read at every fourth call from the 48th on.`,
    ],
  )
} finally {
  await service.close()
}
