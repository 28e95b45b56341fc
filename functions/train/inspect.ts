import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { inspectionPorts } from '../../adapters/wiring/training.ts'
import { earlierCodec } from '../../src/run/earlier-codec.ts'
import { inspectTable } from '../../src/run/inspect.ts'
import { step } from '../middleware/step.ts'

const ports = inspectionPorts()

/** Reads the dataset once and keeps its profile; its columns are read as the live version's are. */
export const handler = step('inspect', ports, async ({ runId, attempt }, run) => {
  const { request } = run
  const profileKey = runKey(runId, 'profile.json')
  const inspected = await ports.keepJson(profileKey, async () => {
    const earlier = earlierCodec(await ports.findLive(run.model), request.target)
    return inspectTable(await ports.readDataset(run.dataset, run.datasetVersion), request, earlier)
  })
  await ports.notify(runId, attempt, inspected.notices)
  return { profileKey }
})
