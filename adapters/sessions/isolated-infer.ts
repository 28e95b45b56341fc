import type { Infer } from '../../src/ports.ts'
import { alwaysInChild, runsInChild } from '../../src/registry/runs-in-child.ts'
import type { Sessions } from './sessions.ts'

/** Runs each call inline or in a child process, as its version's probe and its own size say. */
export const isolated = (inline: Sessions, inChild: Infer): Sessions => ({
  infer: (version, inputs, outputs) =>
    (runsInChild(version, inputs) ? inChild : inline.infer)(version, inputs, outputs),
  preload: (version) => (alwaysInChild(version) ? undefined : inline.preload(version)),
})
