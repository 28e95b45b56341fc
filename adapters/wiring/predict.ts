import { answerCall } from '../../src/call/call.ts'
import type { Resolve } from '../../src/ports.ts'
import { mostModelMb, NeedsLarge, needsLarge } from '../../src/registry/placement.ts'
import { readArtifact } from '../aws/artifacts.ts'
import { lazyExplain } from '../explain/program.ts'
import { resolveDeployment } from '../registry/deployments.ts'
import { preloadPinned } from '../registry/pinned-models.ts'
import { listAllModels, listAllVersions } from '../registry/registry.ts'
import { callLarge } from '../sessions/large-function.ts'
import { sessions } from '../sessions/sessions.ts'
import { threadsFor } from '../sessions/threads.ts'
import { tokenizers } from '../sessions/tokenizers.ts'
import { callPorts } from './calls.ts'
import { withChildren } from './child.ts'
import { countsPorts, statisticsPorts } from './counts.ts'
import { ledgerPorts } from './ledger.ts'
import { artifacts, functionMemoryMb, once, registry, settingOr } from './wiring.ts'

const bytesPerMb = 1024 * 1024

// A session needs up to about three times its file: the weights, their packed copies, and what a run allocates.
const shareOfMemoryForFiles = 1 / 4

/** True once: the environment's first call paid for its start. */
const firstOnly = (): (() => boolean) => {
  let first = true
  return () => {
    const answer = first
    first = false
    return answer
  }
}

/** The ports of the data plane. */
export const predictPorts = () => {
  const table = registry()
  const memoryMb = functionMemoryMb()
  const monotonicMs = (): number => performance.now()
  const read = readArtifact(artifacts())
  // By the wall clock: a monotonic one may stand still while Lambda keeps the environment frozen.
  const resolve = resolveDeployment({ registry: table, readArtifact: read, nowMs: () => Date.now() })
  const inline = sessions({
    readArtifact: read,
    mostBytes: memoryMb * bytesPerMb * shareOfMemoryForFiles,
    threads: threadsFor(memoryMb),
    nowMs: monotonicMs,
  })
  const { infer, preload } = withChildren(inline, read, memoryMb)
  const largeFunction = settingOr('PERCALL_LARGE_FUNCTION', '')
  const smallModelMb = Number(settingOr('PERCALL_SMALL_MODEL_MB', String(mostModelMb(memoryMb))))
  // The file comes while body, price and hour are read.
  const resolveAndLoad: Resolve = async (reference) => {
    const deployed = await resolve(reference)
    if (largeFunction !== '' && needsLarge(deployed.version, smallModelMb)) throw new NeedsLarge(deployed.version)
    void preload(deployed.version)
    return deployed
  }
  void preloadPinned({ resolve, preload })(settingOr('PERCALL_PINNED_MODELS', ''))
  const counts = countsPorts(resolve)
  const ledger = ledgerPorts(counts.flush)
  const { admit, prepare } = ledger.meter
  const settle = counts.settle(ledger.meter.settle)
  // With clients of its own, which a cold call without a key should not wait for.
  const calls = once(() => callPorts(ledger.meter))
  return {
    ...ledger,
    resolve,
    ...(largeFunction !== '' && { callLarge: callLarge(largeFunction) }),
    answer: counts.answer(
      answerCall({ resolve: resolveAndLoad, infer, admit, prepare, settle, nowMs: monotonicMs, isCold: firstOnly() }),
    ),
    get calls() {
      return calls()
    },
    flushCounts: counts.flush,
    ...statisticsPorts(),
    listAllModels: listAllModels(table),
    listAllVersions: listAllVersions(table),
    tokenizerOf: tokenizers(),
    readExplain: lazyExplain(read),
    serverName: settingOr('PERCALL_SERVER_NAME', 'percall'),
  }
}

export type PredictPorts = ReturnType<typeof predictPorts>
