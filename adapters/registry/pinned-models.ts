import type { Resolve } from '../../src/ports.ts'
import { parseReference } from '../../src/registry/version.ts'
import type { Sessions } from '../sessions/sessions.ts'

type Dependencies = { readonly resolve: Resolve; readonly preload: Sessions['preload'] }

/**
 * Loads the models that an environment is made for while it starts, in their order: `a,b@canary,c@3`. One that is not
 * there, or does not load, is left to the call that names it.
 */
export const preloadPinned =
  ({ resolve, preload }: Dependencies) =>
  async (references: string): Promise<void> => {
    for (const reference of references.split(',').filter((name) => name !== '')) {
      const deployed = await Promise.resolve(reference)
        .then((text) => resolve(parseReference(text)))
        .catch(() => undefined)
      if (deployed) await preload(deployed.version)
    }
  }
