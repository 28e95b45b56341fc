import { createHmac, randomUUID } from 'node:crypto'
import middy from '@middy/core'
import { findPrincipal } from '../../adapters/find-principal.ts'
import { sha256 } from '../../adapters/ledger.ts'
import { sessions } from '../../adapters/sessions.ts'
import { tokenizers } from '../../adapters/tokenizers.ts'
import type { PredictPorts } from '../../adapters/wiring-predict.ts'
import { authenticate } from '../../functions/middleware/authenticate.ts'
import { observe } from '../../functions/middleware/observe.ts'
import { problem } from '../../functions/middleware/problem.ts'
import { openInferenceRoutes } from '../../functions/predict/open-inference.ts'
import { rowRoutes } from '../../functions/predict/rows.ts'
import { router } from '../../functions/router.ts'
import { answerCall, type Deployed } from '../../src/call.ts'
import { hourAt, rememberHour, zoneOffset } from '../../src/hour.ts'
import { formatKey, type KeyMac } from '../../src/key.ts'
import { parseNano, zeroNano } from '../../src/money.ts'
import type { Price } from '../../src/price.ts'
import { createMeter } from '../../src/settle.ts'

const mac: KeyMac = (text) => createHmac('sha256', 'deployment secret of the bench').update(text).digest()

/** A key that the handler below takes. */
export const key = formatKey(mac, new Uint8Array(20).fill(7))

const createdAtMs = 0

/** A consumer that may call everything; read once, then cached, as in the product. */
const lookups = {
  mac: async () => mac,
  findKey: async () => ({ id: 'bench-key', consumerId: 'bench', createdAtMs }),
  readConsumer: async () => ({ id: 'bench', plan: 'postpaid', grants: ['*'], createdAtMs, revision: 1 }) as const,
  nowMs: () => Date.now(),
}

const price: Omit<Price, 'model'> = {
  id: 'price',
  unit: 'row',
  nanoPerUnit: parseNano('price', '0.000002'),
  minimumPerCallNano: zeroNano,
  fromMs: 0,
}

/** The ledger whose writes are answered at once; numbering, hashing and pricing are the product's. */
const meter = () =>
  createMeter({
    now: () => Date.now(),
    hourAt: rememberHour(hourAt(zoneOffset('UTC'))),
    priceAt: async (model) => ({ ...price, model }),
    openChain: async () => ({ kind: 'opened' }),
    putSlot: async () => ({ kind: 'written' }),
    putRecordedRow: async () => ({ kind: 'written' }),
    readChain: async () => [],
    newId: randomUUID,
    sha256,
  })

/** What the handler serves: each version with its file. */
export type Served = { readonly deployed: Deployed; readonly file: Uint8Array }

const largestOpenBytes = 512 * 1024 * 1024

/** The ports of functions/predict.ts with everything remote answered at once: registry, objects, ledger. */
const portsOf = (models: readonly Served[]): PredictPorts => {
  const byName = new Map(models.map((model) => [model.deployed.version.model, model]))
  const byDigest = new Map(models.map((model) => [model.deployed.version.digest, model.file]))
  const nowMs = (): number => performance.now()
  const ledger = meter()
  const resolve = async ({ model }: { readonly model: string }) => byName.get(model)!.deployed
  const { infer } = sessions({
    readArtifact: async (digest) => byDigest.get(digest)!,
    mostBytes: largestOpenBytes,
    threads: 1,
    nowMs,
  })
  return {
    mac: async () => mac,
    findPrincipal: findPrincipal(lookups),
    meter: ledger,
    currency: 'USD',
    resolve,
    answer: answerCall({ resolve, infer, admit: ledger.admit, settle: ledger.settle, nowMs, isCold: () => false }),
    listAllModels: async () => [],
    listAllVersions: async () => [],
    tokenizerOf: tokenizers(),
    ledgerFailures: () => 0,
    readCounts: async () => [],
    calls: {} as PredictPorts['calls'], // no call of the bench has a key, is answered later or names an upload
    flushCounts: async () => undefined,
    serverName: 'percall',
  }
}

/** What it prints is made, and written nowhere: the table of the bench comes by standard output too. */
const silently = <Arguments extends unknown[], Value>(act: (...given: Arguments) => Promise<Value>) => {
  const write = process.stdout.write
  return async (...given: Arguments): Promise<Value> => {
    process.stdout.write = () => true
    try {
      return await act(...given)
    } finally {
      process.stdout.write = write
    }
  }
}

/** The predict handler, composed as functions/predict.ts composes it. */
export const warmHandler = (models: readonly Served[]) => {
  const ports = portsOf(models)
  const handler = middy()
    .use(observe('predict'))
    .use(problem())
    .handler(router([...openInferenceRoutes, ...rowRoutes], ports, authenticate(ports)))
  return silently(handler)
}
