/** How many metered calls the whole local service answers, beside the least that serves a model over HTTP. */
import { spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figureOf } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { median } from './measure/statistics.ts'
import { tensorTreeModel } from './models/tree-model.ts'
import { type Load, load, type Target } from './service/load.ts'
import { body, serveTrees } from './service/metered.ts'
import { startService } from './service/service.ts'

const pairs = 9
const sampleMs = 1200
const warmUpMs = 2000
const connections = 8

const startPeer = async (path: string) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'peers', 'fastify-server.mjs'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await event(child.stdout, 'data')
  return { url: String(line).trim(), close: () => child.kill() }
}

const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
const path = join(folder, 'trees.onnx')
writeFileSync(path, tensorTreeModel())

const service = await startService()
const peer = await startPeer(path)
try {
  const ours = await serveTrees(service)
  const bare: Target = { url: peer.url, body }
  for (const target of [ours, bare]) await load(target, connections, warmUpMs)
  const alternating = (width: number) =>
    alternate(
      pairs,
      () => load(ours, width, sampleMs),
      () => load(bare, width, sampleMs),
    )
  const many = await alternating(connections)
  const one = await alternating(1)
  const name = 'fastify with ONNX Runtime and nothing else'
  const rates = (loads: readonly Load[]) => loads.map(({ requestsPerSecond }) => once(requestsPerSecond))
  const latencies = (loads: readonly Load[]) => loads.map(({ latencyMs }) => latencyMs)
  const figures = [
    figureOf({
      question: `whole local service over HTTP, 1 row, metered, ${connections} connections`,
      unit: 'requests/s',
      samples: rates(many.ours),
      peer: { name, samples: rates(many.peers) },
      targets: [{ of: 'ratio', atLeast: 1 / 4 }],
    }),
    figureOf({
      question: `the same: time of a request, ${connections} connections`,
      unit: 'ms',
      samples: latencies(many.ours),
      peer: { name, samples: latencies(many.peers) },
    }),
    figureOf({
      question: 'the same: time of a request, 1 connection',
      unit: 'ms',
      samples: latencies(one.ours),
      peer: { name, samples: latencies(one.peers) },
    }),
  ]
  const p95 = (loads: readonly Load[]) => median(loads.map(({ latencyMs }) => latencyMs.p95)).toFixed(1)
  report('service', figures, [
    `Ours runs in ${(await service.environments()).length} function environments and the process of the service; the peer is one process; the load comes from this one. All share the machine.`,
    `Slowest twentieth of requests, median of the samples: ours ${p95(many.ours)} ms with ${connections} connections, ${p95(one.ours)} ms with one; the peer ${p95(many.peers)} and ${p95(one.peers)} ms.`,
  ])
} finally {
  peer.close()
  await service.close()
  rmSync(folder, { recursive: true, force: true })
}
