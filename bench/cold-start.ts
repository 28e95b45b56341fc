/** How long the first answer of a new environment takes, with a model of 30 MB from the local S3. */
import { spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { figureOf } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { denseModel } from './models/dense-model.ts'
import { startService } from './service/service.ts'

const pairs = 13
const pollMs = 5

const file = denseModel()
const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
const path = join(folder, 'model.onnx')
writeFileSync(path, file)

const service = await startService()
await service.publish('dense', file)

const body = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 30], data: new Array(30).fill(0.5) }],
})

const ask = async (): Promise<string> => {
  const response = await fetch(`${service.url}/v2/models/dense/infer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.consumerKey}`, 'content-type': 'application/json' },
    body,
  })
  if (response.status !== 200) throw new Error(`expected 200, got ${response.status}: ${await response.text()}`)
  await response.text()
  return response.headers.get('server-timing') ?? ''
}

const endEnvironments = async (): Promise<void> => {
  for (const { pid } of await service.environments()) process.kill(pid, 'SIGKILL')
  while ((await service.environments()).length > 0) await setTimeout(pollMs)
}

const timings: string[] = []

const cold = async () => {
  await endEnvironments()
  const beganAtMs = performance.now()
  timings.push(await ask())
  return once(performance.now() - beganAtMs)
}

const bare = async () => {
  const beganAtMs = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'peers', 'bare-session.mjs'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await event(child.stdout, 'data')
  const tookMs = performance.now() - beganAtMs
  await event(child, 'exit')
  return once(tookMs)
}

try {
  await cold() // fills the page cache for both
  await bare()
  const { ours, peers } = await alternate(pairs, cold, bare)
  const figure = figureOf({
    question: 'cold start, 30 MB model: request to first answer',
    unit: 'ms',
    samples: ours,
    peer: { name: 'bare script: read file, create session, run', samples: peers },
    targets: [
      { of: 'ratio', atMost: 1.5 },
      { of: 'value', atMost: 300 },
    ],
  })
  report(
    'cold-start',
    [figure],
    [
      'Each sample kills the environment and asks again over HTTP: gateway, new process, key, registry, S3, session, run, ledger row.',
      `Server-Timing of the last one: ${timings.at(-1)}.`,
    ],
  )
} finally {
  await service.close()
  rmSync(folder, { recursive: true, force: true })
}
