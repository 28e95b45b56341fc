import { runFolder, runKey } from '../../adapters/runs/run-artifacts.ts'
import { evaluationPorts } from '../../adapters/wiring/evaluation.ts'
import { modelCard } from '../../src/run/judge/card.ts'
import { cardMarkdown } from '../../src/run/judge/card-markdown.ts'
import { cardOfFiles, gateFiles, heldAnswers } from '../../src/run/judge/gate-files.ts'
import type { Judgement } from '../../src/run/judge/judge.ts'
import { judgeRun } from '../../src/run/judge/judge-run.ts'
import { type StepEvent, step } from '../middleware/step.ts'

const ports = evaluationPorts()

/** Judges the exported graph against the baseline or the live version; a rejected run ends here. */
export const handler = step(
  'gate',
  ports,
  async ({ runId, attempt, onnxKey }: StepEvent & { readonly onnxKey: string }) => {
    const folder = runFolder(runId)
    const files = await gateFiles(ports, folder, onnxKey)
    // The first verdict stands: `live` may have moved since, when this state is run again.
    const judgement = await ports.keepJson<Judgement>(runKey(runId, 'gate.json'), () =>
      judgeRun({ ...ports, outOfFold: heldAnswers(ports, folder, files) })(files),
    )
    const testUses = await ports.countTestUse({ dataset: files.spec.dataset, runId })
    const specDigest = ports.sha256Hex(JSON.stringify(files.spec))
    const card = modelCard({ runId, ...cardOfFiles(files), specDigest, judgement, testUses })
    await ports.putJson(runKey(runId, 'card.json'), card)
    await ports.putBytes(runKey(runId, 'card.md'), cardMarkdown(card))
    const gate = { verdict: judgement.verdict, reason: judgement.reason }
    if (gate.verdict === 'rejected') await ports.endRun(runId, attempt, { state: 'rejected', gate })
    else await ports.changeRun(runId, attempt, { set: { gate }, nowMs: ports.nowMs() })
    return { verdict: gate.verdict }
  },
)
