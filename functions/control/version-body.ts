import type { Version } from '../../src/registry/version.ts'

const lineageOf = ({ runId, optimisedFrom, registrationId }: Version) => {
  if (optimisedFrom !== undefined) return { origin: 'optimised', version: optimisedFrom, registrationId }
  return runId === undefined ? { origin: 'push' } : { origin: 'run', runId }
}

/** A version as the control plane shows it. */
export const versionBody = (version: Version) => {
  const { model, number, digest, sizeBytes, signature, createdAtMs, metrics, serving } = version
  const { manifestDigest, cardDigest, cardMarkdownDigest, explanations, optimisation } = version
  return {
    name: model,
    version: number,
    digest,
    ...(manifestDigest && { manifestDigest }),
    ...(cardDigest && { cardDigest }),
    ...(cardMarkdownDigest && { cardMarkdownDigest }),
    ...(explanations && { explanations: `/api/models/${model}/versions/${number}/explanations` }),
    sizeBytes,
    inputs: signature.inputs,
    outputs: signature.outputs,
    createdAt: new Date(createdAtMs).toISOString(),
    // Trained here, by graphs of our own: measured in their run instead.
    probe: serving ?? null,
    ...(metrics && { metrics }),
    ...(optimisation && { optimisation }),
    lineage: lineageOf(version),
  }
}
