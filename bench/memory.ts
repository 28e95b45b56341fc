/** Resident memory of the local service: its own process and the functions' environments. */
import { setTimeout } from 'node:timers/promises'
import { memoryOf } from '../local/functions/memory.ts'
import { figureOf } from './measure/figure.ts'
import { once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { load, loadCalls } from './service/load.ts'
import { serveTrees } from './service/metered.ts'
import { startService } from './service/service.ts'

const readings = 7
const pauseMs = 300
const loadMs = 5000
const connections = 8
const fewCalls = 1_000
const manyCalls = 10_000

if (memoryOf(process.pid) === undefined) {
  console.log('memory: there is no /proc here, nothing is measured')
  process.exit()
}

const service = await startService()

const residentMb = (pid: number): number => memoryOf(pid)?.residentMb ?? 0

/** The service's process alone, and with every environment that is open now. */
const read = async () => {
  const own = residentMb(service.pid)
  const environments = await service.environments()
  return { own, environments: environments.map(({ pid }) => residentMb(pid)) }
}

type Reading = Awaited<ReturnType<typeof read>>

const readAll = async (): Promise<readonly Reading[]> => {
  const all: Reading[] = []
  for (let i = 0; i < readings; i++) {
    await setTimeout(pauseMs)
    all.push(await read())
  }
  return all
}

const total = ({ own, environments }: Reading): number => environments.reduce((sum, mb) => sum + mb, own)
const samples = (all: readonly Reading[]) => all.map((reading) => once(total(reading)))
const parts = (all: readonly Reading[]): string => {
  const { own, environments } = all.at(-1)!
  return `${own} MB the service, ${environments.join(' + ') || 'no'} MB environments`
}

try {
  const target = await serveTrees(service)
  // The keys and the price were made by the control function; its environment is still open.
  const idle = await readAll()
  const loading = load(target, connections, loadMs)
  await setTimeout(loadMs / 2)
  const busy = await readAll()
  await loading
  const after = await readAll()
  await loadCalls(target, connections, fewCalls)
  const afterFew = await readAll()
  await loadCalls(target, connections, manyCalls - fewCalls)
  const afterMany = await readAll()
  report(
    'memory',
    [
      figureOf({
        question: 'resident memory of the local service, idle after start',
        unit: 'MB',
        samples: samples(idle),
      }),
      figureOf({ question: `the same under load, ${connections} connections`, unit: 'MB', samples: samples(busy) }),
      figureOf({ question: 'the same after load', unit: 'MB', samples: samples(after) }),
      figureOf({
        question: 'the same after 10,000 more calls',
        unit: 'MB',
        samples: samples(afterMany),
        peer: { name: 'after the first 1,000 of them', samples: samples(afterFew) },
        targets: [{ of: 'ratio', atMost: 1.05 }],
      }),
    ],
    [
      `Idle: ${parts(idle)}. Under load: ${parts(busy)}. After: ${parts(after)}. After 1,000 more calls: ${parts(afterFew)}; after 10,000: ${parts(afterMany)}.`,
      'Resident sets are added, so pages that the processes share (Node itself, about 50 MB each) count in each.',
    ],
  )
} finally {
  await service.close()
}
