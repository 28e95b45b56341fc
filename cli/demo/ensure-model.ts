import { join } from 'node:path'
import { getPrices, setPrice } from '../../client/billing.ts'
import { ApiError, type Client } from '../../client/client.ts'
import { getModel } from '../../client/registry.ts'
import { createRun, listRuns, type RunRequest } from '../../client/training.ts'
import { sendDataset } from '../send-dataset.ts'
import { waitForRun } from '../wait-for-run.ts'

const root = join(import.meta.dirname, '..', '..')

/** The path of a file of examples/, from the repository's root or from anywhere else. */
export const examplePath = (name: string): string => join(root, 'examples', name)

/** A model that the demonstration needs: its file, its run and its first price. */
export type Wanted = {
  readonly file: string
  readonly run: RunRequest
  readonly price: { readonly unit: 'call' | 'row'; readonly amount: string }
}

const hasLive = async (owner: Client, model: string): Promise<boolean> => {
  try {
    return (await getModel(owner, model)).aliases.live !== undefined
  } catch (error) {
    if (error instanceof ApiError && error.code === 'UNKNOWN_MODEL') return false
    throw error
  }
}

/** The run that a killed start left behind; it goes on with the service. */
const openRun = async (owner: Client, model: string): Promise<string | undefined> => {
  const { runs } = await listRuns(owner)
  return runs.find((run) => run.model === model && (run.state === 'queued' || run.state === 'running'))?.id
}

const newRun = async (owner: Client, { file, run }: Wanted): Promise<string> => {
  await sendDataset(owner, run.dataset, examplePath(file))
  // The owner asked to train again, or there is no model: an earlier run of the same request is not joined.
  return (await createRun(owner, { ...run, fresh: true })).id
}

/** The model of last time, or a new one; priced and answering. Says whether it was trained now. */
export const ensureModel = async (
  owner: Client,
  wanted: Wanted,
  { fresh, print }: { readonly fresh: boolean; readonly print: (line: string) => void },
): Promise<void> => {
  const { model } = wanted.run
  if (!fresh && (await hasLive(owner, model))) print(`${model}: trained before; --fresh trains it again`)
  else {
    print(`${model}: training on examples/${wanted.file} ...`)
    const id = (await openRun(owner, model)) ?? (await newRun(owner, wanted))
    await waitForRun(owner, id, { promoted: true })
  }
  const { price } = await getPrices(owner, model)
  if (!price) await setPrice(owner, model, wanted.price)
}
