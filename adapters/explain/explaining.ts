import type { Deployed } from '../../src/call/deployed.ts'
import { requireExplainable } from '../../src/explain/asking.ts'
import type { ExplainingPorts } from '../../src/explain/explain-question.ts'
import { explainRows } from '../../src/explain/explain-rows.ts'
import { type GlobalExplanations, parseGlobal } from '../../src/explain/global-file.ts'
import { explainedModels } from '../registry/explained-models.ts'

type Dependencies = { readonly readArtifact: (digest: string) => Promise<Uint8Array> }

type Ranges = GlobalExplanations['ranges']

/** Ranges of so many versions stay in memory: a few KB each. */
const mostKept = 100

/** Explains deployed versions by what is stored beside them, and strangers' trees by their graph. */
export const explaining = ({ readArtifact }: Dependencies): ExplainingPorts => {
  const modelOf = explainedModels(readArtifact)
  const ranges = new Map<string, Ranges>()
  const rangesOf = async ({ version }: Deployed): Promise<Ranges | undefined> => {
    const digest = version.explanations?.digest
    if (digest === undefined) return undefined
    const known = ranges.get(digest) ?? parseGlobal(await readArtifact(digest)).ranges
    ranges.set(digest, known)
    const [oldest] = ranges.keys()
    if (ranges.size > mostKept && oldest !== undefined) ranges.delete(oldest)
    return known
  }
  return {
    explain: async (deployed, request, runRows) => explainRows({ runRows })(await modelOf(deployed), request),
    requireExplainable: async (deployed, request) => requireExplainable(await modelOf(deployed), request),
    rangesOf,
  }
}
