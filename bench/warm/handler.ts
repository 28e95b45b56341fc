import { createHmac, randomUUID } from 'node:crypto'
import { findPrincipal } from '../../adapters/access/find-principal.ts'
import { sha256 } from '../../adapters/ledger/ledger.ts'
import { isolated } from '../../adapters/sessions/isolated-infer.ts'
import { sessions } from '../../adapters/sessions/sessions.ts'
import { tokenizers } from '../../adapters/sessions/tokenizers.ts'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { predictHandler } from '../../functions/predict/handler.ts'
import { formatKey, type KeyMac } from '../../src/access/key.ts'
import { createKeyUses } from '../../src/access/key-use.ts'
import { parseNano, zeroNano } from '../../src/billing/money.ts'
import type { Price } from '../../src/billing/price.ts'
import { answerCall } from '../../src/call/call.ts'
import { createCallCounts } from '../../src/call/call-counts.ts'
import type { Deployed } from '../../src/call/deployed.ts'
import { hourAt, rememberHour, zoneOffset } from '../../src/ledger/hour.ts'
import { createMeter } from '../../src/ledger/settle.ts'
import type { Resolve } from '../../src/ports.ts'

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
    readBalance: async () => undefined,
    readKeySpent: async () => ({ usedNano: zeroNano, leases: 0, olderNano: zeroNano }),
    readAccount: async () => undefined,
    settleLease: async () => true,
    newId: randomUUID,
    sha256,
  })

/** What the handler serves: each version with its file. */
export type Served = { readonly deployed: Deployed; readonly file: Uint8Array }

const largestOpenBytes = 512 * 1024 * 1024

/** The ports as adapters/wiring/predict.ts composes them, with everything remote answered at once: registry, objects, ledger, counts. */
const portsOf = (models: readonly Served[]): PredictPorts => {
  const byName = new Map(models.map((model) => [model.deployed.version.model, model]))
  const byDigest = new Map(models.map((model) => [model.deployed.version.digest, model.file]))
  const nowMs = (): number => performance.now()
  const ledger = meter()
  const resolve = async ({ model }: { readonly model: string }) => byName.get(model)!.deployed
  const inline = sessions({
    readArtifact: async (digest) => byDigest.get(digest)!,
    mostBytes: largestOpenBytes,
    threads: 1,
    nowMs,
  })
  const { infer, preload } = isolated(inline, async () => {
    throw new Error('a call in a child process: expected none in this bench')
  })
  const resolveAndLoad: Resolve = async (reference) => {
    const deployed = await resolve(reference)
    void preload(deployed.version)
    return deployed
  }
  const counts = createCallCounts({ nowMs: () => Date.now(), resolve, putCounts: async () => 'put' })
  const { admit, prepare } = ledger
  const settle = counts.settle(ledger.settle)
  return {
    mac: async () => mac,
    findPrincipal: findPrincipal(lookups),
    limit: async () => {
      throw new Error('a limited key: expected none in this bench')
    },
    noteUse: createKeyUses({ nowMs: () => Date.now(), putKeyUse: async () => undefined }),
    meter: ledger,
    currency: 'USD',
    resolve,
    answer: counts.answer(
      answerCall({ resolve: resolveAndLoad, infer, admit, prepare, settle, nowMs, isCold: () => false }),
    ),
    listAllModels: async () => [],
    listAllVersions: async () => [],
    tokenizerOf: tokenizers(),
    readExplain: () => {
      throw new Error('an explained call: expected none in this bench')
    },
    ledgerFailures: () => 0,
    readCounts: async () => [],
    calls: {} as PredictPorts['calls'], // no call of the bench has a key, is answered later or names an upload
    flushCounts: counts.flush,
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

/** The predict handler as functions/predict.ts has it, over ports whose remote parts answer at once. */
export const warmHandler = (models: readonly Served[]) => silently(predictHandler(portsOf(models)))
