import { runKey } from '../../adapters/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring-training.ts'
import { columnNotices } from '../../src/dataset/profile.ts'
import { inspectTable } from '../../src/run/inspect.ts'
import { step } from '../middleware/step.ts'

const ports = trainingPorts()

/** Reads the dataset once and keeps its profile. */
export const handler = step('inspect', ports, async ({ runId, attempt }, { dataset, datasetVersion, request }) => {
  const profileKey = runKey(runId, 'profile.json')
  const inspected = await ports.keepJson(profileKey, async () =>
    inspectTable(await ports.readDataset(dataset, datasetVersion), request),
  )
  await ports.notify(runId, attempt, columnNotices(inspected.profile, request.target))
  return { profileKey }
})
