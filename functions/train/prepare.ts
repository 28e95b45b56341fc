import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import { encodePrepared } from '../../src/run/data-file.ts'
import { preparationNotices, prepareTable } from '../../src/run/prepared.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly specKey: string }

const ports = trainingPorts()

/** Writes typed columns, sides and folds; nothing is fitted. */
export const handler = step(
  'prepare',
  ports,
  async ({ runId, attempt, specKey }: Event, { dataset, datasetVersion }) => {
    const spec = await ports.readJson<RunSpec>(specKey)
    const dataKey = await ports.keepBytes(runKey(runId, 'data.bin'), async () => {
      const table = await ports.readDataset(dataset, datasetVersion)
      const prepared = prepareTable(ports.sha256)(table, spec)
      await ports.notify(runId, attempt, preparationNotices(table, spec, prepared))
      return encodePrepared(prepared)
    })
    return { dataKey }
  },
)
