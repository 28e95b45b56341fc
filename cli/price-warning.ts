import { getPrices } from '../client/billing.ts'
import type { Client } from '../client/client.ts'
import { note } from './context.ts'

/** Tells the owner of a model whose calls are free because nobody set a price. */
export const warnWithoutPrice = async (client: Client, model: string): Promise<void> => {
  const { prices } = await getPrices(client, model)
  if (prices.length === 0)
    note(`warning: ${model} has no price, so calls are free; set one: percall price ${model} 0.001 --per call`)
}
