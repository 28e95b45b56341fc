import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { inspectionPorts } from '../../adapters/wiring/training.ts'
import { earlierCodec } from '../../src/run/earlier-codec.ts'
import { heldOutOf } from '../../src/run/held-out.ts'
import { inspectTable } from '../../src/run/inspect.ts'
import { step } from '../middleware/step.ts'

const ports = inspectionPorts()

/** Reads the dataset once and keeps its profile; its columns are read as the live version's are. */
export const handler = step('inspect', ports, async ({ runId, attempt }, run) => {
  const { request } = run
  const profileKey = runKey(runId, 'profile.json')
  const inspected = await ports.keepJson(profileKey, async () => {
    const live = await ports.findLive(run.model)
    const earlier = earlierCodec(live, request.target)
    const heldOut = heldOutOf(live?.manifest)
    const table = await ports.readDataset(run.dataset, run.datasetVersion)
    return { ...inspectTable(table, request, earlier), ...(heldOut && { heldOut }) }
  })
  await ports.notify(runId, attempt, inspected.notices)
  return { profileKey }
})
