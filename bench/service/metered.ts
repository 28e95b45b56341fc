import { randomRows } from '../models/rows.ts'
import { features, tensorTreeModel } from '../models/tree-model.ts'
import type { Target } from './load.ts'
import type { Service } from './service.ts'

/** A call of one row x 30. */
export const body = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, features], data: randomRows(1).flat() }],
})

/** Publishes the trees with a price, so that each call is metered and charged; answers how to call them. */
export const serveTrees = async ({ url, consumerKey, publish, priceRow }: Service): Promise<Target> => {
  await publish('trees', tensorTreeModel())
  await priceRow('trees', '0.000002')
  return { url: `${url}/v2/models/trees/infer`, headers: { authorization: `Bearer ${consumerKey}` }, body }
}
