import { runKey } from '../../adapters/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring-training.ts'
import { inspectTable } from '../../src/run/inspect.ts'
import { step } from '../middleware/step.ts'

const ports = trainingPorts()

/** Reads the dataset once and keeps its profile. */
export const handler = step('inspect', ports, async ({ runId, attempt }, { dataset, datasetVersion, request }) => {
  const table = await ports.readDataset(dataset, datasetVersion)
  const inspected = inspectTable(table, request)
  await ports.notify(runId, attempt, inspected.notices)
  return { profileKey: await ports.putJson(runKey(runId, 'profile.json'), inspected) }
})
