import type { Deployed } from '../../src/call/deployed.ts'
import { decodeExplainer, type Explainer, withoutMembers } from '../../src/explain/explainer-file.ts'
import type { ExplainedModel } from '../../src/explain/explanation.ts'
import { type GraphTrees, graphTrees } from '../../src/explain/graph-trees.ts'
import { isTabular } from '../../src/registry/manifest.ts'
import type { Version } from '../../src/registry/version.ts'

type Known = { readonly explainer?: Explainer; readonly trees?: GraphTrees }

/** What is kept of so many versions: an explainer of a large forest is some MB. */
const mostKept = 8
/** Trees of a larger file would not be explained within a call; it is explained by permutation. */
const mostGraphBytes = 32 * 2 ** 20

/**
 * What explaining a deployed version needs: the explainer that its run wrote, else the trees of its graph where those are
 * all of it. Kept by digest.
 */
export const explainedModels = (readArtifact: (digest: string, sizeBytes?: number) => Promise<Uint8Array>) => {
  const kept = new Map<string, Known>()
  const read = async ({ explainerDigest, digest, sizeBytes }: Version, output: string | undefined): Promise<Known> => {
    if (explainerDigest !== undefined) return { explainer: decodeExplainer(await readArtifact(explainerDigest)) }
    if (sizeBytes > mostGraphBytes) return {}
    const trees = graphTrees(await readArtifact(digest, sizeBytes), output)
    return trees ? { trees } : {}
  }
  return async ({ version, manifest }: Pick<Deployed, 'version' | 'manifest'>): Promise<ExplainedModel> => {
    const tabular = manifest && isTabular(manifest) ? manifest : undefined
    const output = tabular && ('label' in tabular.outputs ? tabular.outputs.probabilities : tabular.outputs.prediction)
    const key = version.explainerDigest ?? `${version.digest} ${output}`
    const known = kept.get(key) ?? (await read(version, output))
    kept.delete(key)
    kept.set(key, known)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    const { explainer } = known
    const asked = version.reweighted && explainer ? { explainer: withoutMembers(explainer) } : known
    return { signature: version.signature, ...(tabular && { manifest: tabular }), ...asked }
  }
}
