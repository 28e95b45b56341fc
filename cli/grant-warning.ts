import type { Client } from '../client/client.ts'
import { listModels } from '../client/registry.ts'
import { note } from './context.ts'
import { everyPage } from './every-page.ts'

/** Tells of models that nobody pushed: a grant may come before its model, and a misspelt one looks the same. */
export const warnOfUnknownModels = async (client: Client, grants: readonly string[]): Promise<void> => {
  const named = grants.filter((name) => name !== '*')
  if (named.length === 0) return
  const models = await everyPage('models', (query) => listModels(client, query))
  const known = new Set(models.map(({ name }) => name))
  for (const name of named.filter((one) => !known.has(one)))
    note(`warning: there is no model ${name} yet, so the grant lets nothing be called; percall models lists the models`)
}
