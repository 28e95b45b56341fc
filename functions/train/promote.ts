import { publishingPorts } from '../../adapters/wiring/training.ts'
import { liveAlias } from '../../src/registry/alias.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly version: number }

const ports = publishingPorts()

/** Moves `live` to the version where the request asks for it, and ends the run. */
export const handler = step('promote', ports, async ({ runId, attempt, version }: Event, { model, request }) => {
  const isLive = (await ports.findAlias(model, liveAlias))?.version === version
  if (request.promote && !isLive) {
    const stamp = { nowMs: ports.nowMs(), movedBy: `run ${runId}` }
    await ports.moveAlias({ model, alias: liveAlias, version, ...stamp })
  }
  const promoted = request.promote
  await ports.endRun(runId, attempt, { state: 'succeeded', version, promoted })
  return { promoted }
})
