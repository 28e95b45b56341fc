import type { DatasetVersion } from '../dataset/dataset.ts'
import { release } from '../release.ts'
import { checkRunColumns, type RunRequest, samenessText } from './request.ts'
import type { Run, RunReason } from './run.ts'

type Ports = {
  readonly hash: (text: string) => string
  /** Answers the open or succeeded run of the same request where there is one and `fresh` does not ask for another. */
  readonly createRun: (run: Run, fresh: boolean) => Promise<Run>
  readonly startExecution: (run: Run) => Promise<void>
  readonly nowMs: () => number
}

/** The hash that tells equal runs. */
export const samenessOf = ({ hash }: Pick<Ports, 'hash'>, request: RunRequest, datasetVersion: number): string =>
  hash(samenessText(request, datasetVersion, release))

/** Throws UNKNOWN_TARGET, UNKNOWN_COLUMN, BAD_RUN; of a file whose head tells no names the run itself finds out. */
export const checkFits = (request: RunRequest, { columns }: Pick<DatasetVersion, 'columns'>): void => {
  if (columns.length > 0) checkRunColumns(request, columns)
}

/** Keeps a run of a request that fits its dataset version, and starts its execution: the one way to a run, whoever asks. */
export const beginRun =
  (ports: Ports) =>
  async (
    id: string,
    request: RunRequest,
    { dataset, number: datasetVersion }: Pick<DatasetVersion, 'dataset' | 'number'>,
    reason?: RunReason,
  ): Promise<Run> => {
    const { model, target } = request
    const same = samenessOf(ports, request, datasetVersion)
    const subject = { model, dataset, datasetVersion, target, request, same, ...(reason && { reason }) }
    const queued = { id, ...subject, state: 'queued', attempt: 1, events: 0, createdAtMs: ports.nowMs() } as const
    const run = await ports.createRun(queued, request.fresh)
    // A run that was kept by a request which died before this line is started by the next same one.
    if (run.state === 'queued') await ports.startExecution(run)
    return run
  }
