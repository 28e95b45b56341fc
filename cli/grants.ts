import type { ConsumerBody } from '../client/bodies.ts'
import type { Client } from '../client/client.ts'
import { listModels } from '../client/registry.ts'
import { note } from './context.ts'
import { everyPage } from './every-page.ts'
import { wrongUsage } from './failure.ts'

const all = '*'

type Ways = { readonly add: boolean | undefined; readonly remove: boolean | undefined }

/** Throws USAGE for both of --add and --remove, and for one of them with nothing to add or remove. */
export const requireOneWay = (id: string, models: readonly string[], { add, remove }: Ways): void => {
  if (add && remove) throw wrongUsage('--add, --remove: expected one of them, got both')
  if ((add || remove) && models.length === 0)
    throw wrongUsage(
      `${add ? '--add' : '--remove'}: expected models beside it, got none`,
      `percall consumer grant ${id} MODEL ${add ? '--add' : '--remove'}`,
    )
}

const listed = (grants: readonly string[]): string => (grants.length === 0 ? 'none' : grants.join(', '))

/** Says what grants were and are: a list that takes the place of another takes away what it does not repeat. */
export const tellGrants = ({ id, grants, grantsBefore }: ConsumerBody): void => {
  if (grantsBefore) note(`grants of ${id}: ${listed(grants)}; before: ${listed(grantsBefore)}`)
}

/** Tells of models that were to be taken away and were not there, or may be called all the same. */
export const warnOfGrantsThatStay = ({ id, grants, grantsBefore = [] }: ConsumerBody, models: readonly string[]) => {
  const missing = models.filter((name) => !grantsBefore.includes(name))
  if (missing.length > 0) note(`warning: ${id} had no grant of ${missing.join(', ')}`)
  if (grants.includes(all)) note(`warning: ${id} may still call every model by the grant "${all}"`)
}

/** Tells of models that nobody pushed: a grant may come before its model, and a misspelt one looks the same. */
export const warnOfUnknownModels = async (client: Client, grants: readonly string[]): Promise<void> => {
  const named = grants.filter((name) => name !== all)
  if (named.length === 0) return
  const models = await everyPage('models', (query) => listModels(client, query))
  const known = new Set(models.map(({ name }) => name))
  for (const name of named.filter((one) => !known.has(one)))
    note(`warning: there is no model ${name} yet, so the grant lets nothing be called; percall models lists the models`)
}
