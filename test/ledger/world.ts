import { createCore, type Setting } from './core.ts'
import { environments } from './environment.ts'
import type { Mutation } from './network.ts'
import { ownersOf } from './owners.ts'

/** Environments, sweeps, folds and owners over the real ledger code; each of their requests waits for the schedule. */
export const createWorld = (setting: Setting, mutation?: Mutation) => {
  const core = createCore(setting, mutation)
  return { ...core, ...ownersOf(core), environment: environments(core) }
}

export type World = ReturnType<typeof createWorld>
