import type { Version } from '../../src/version.ts'

/** A version as the control plane shows it. */
export const versionBody = (version: Version) => {
  const { model, number, digest, sizeBytes, signature, createdAtMs, runId, metrics, serving } = version
  const { manifestDigest, cardDigest, cardMarkdownDigest } = version
  return {
    name: model,
    version: number,
    digest,
    ...(manifestDigest && { manifestDigest }),
    ...(cardDigest && { cardDigest }),
    ...(cardMarkdownDigest && { cardMarkdownDigest }),
    sizeBytes,
    inputs: signature.inputs,
    outputs: signature.outputs,
    createdAt: new Date(createdAtMs).toISOString(),
    // Trained here, by graphs of our own: measured in their run instead.
    probe: serving ?? null,
    ...(metrics && { metrics }),
    lineage: runId === undefined ? { origin: 'push' } : { origin: 'run', runId },
  }
}
