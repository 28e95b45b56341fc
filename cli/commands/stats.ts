import { Command } from 'commander'
import type { CallFigures, ModelStatsBody, StatsBody } from '../../client/bodies.ts'
import { ApiError, type Client } from '../../client/client.ts'
import { callStatistics, modelStats } from '../../client/models.ts'
import { clientOf, note, printResult } from '../context.ts'
import { table } from '../table.ts'

const ms = (value: number | null): string | null => (value === null ? null : value.toFixed(1))

const figureCells = (figures: CallFigures) => [
  figures.calls,
  figures.failed,
  figures.rows,
  figures.coldStarts,
  ...[figures.p50Ms, figures.p95Ms, figures.p99Ms, figures.meanQueueMs, figures.meanInferMs].map(ms),
]

const ownersText = ({ name, totals, versions }: StatsBody): string => {
  const titles = ['version', 'answered', 'failed', 'rows', 'cold', 'p50 ms', 'p95 ms', 'p99 ms', 'queue ms', 'infer ms']
  const lines = versions.map(({ version, ...figures }) => [`${name}/${version}`, ...figureCells(figures)])
  const errors = Object.entries(totals.errors).map(([code, count]) => `failed with ${code}: ${count}`)
  return [table(titles, [...lines, ['total', ...figureCells(totals)]]), ...errors].join('\n')
}

const nsPerMs = 1e6

const consumersText = (stats: readonly ModelStatsBody[]): string =>
  table(
    ['version', 'answered', 'failed', 'rows', 'mean ms', 'last call'],
    stats.map(({ name, version, last_inference, inference_count, execution_count, inference_stats }) => {
      const { success, fail } = inference_stats
      const meanMs = success && success.count > 0 ? success.ns / success.count / nsPerMs : null
      const last = last_inference > 0 ? new Date(last_inference).toISOString() : null
      return [`${name}/${version}`, execution_count, fail?.count ?? 0, inference_count, ms(meanMs), last]
    }),
  )

/** The owner's figures; undefined for a consumer's key. */
const ownersStats = async (
  client: Client,
  name: string,
  window: string | undefined,
): Promise<StatsBody | undefined> => {
  try {
    return await modelStats(client, name, window)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'OWNER_ONLY') return undefined
    throw error
  }
}

/** Shows how often and how fast a model was called: to its owner all calls, to a consumer its own. */
export const statsCommand = (): Command =>
  new Command('stats')
    .description('show how often, how well and how fast a model was called')
    .argument('<name>')
    .option('--window <window>', "of an owner's figures, 1h to 14d; a day by default")
    .action(async (name: string, { window }: { readonly window?: string }, command: Command) => {
      const client = clientOf(command)
      const stats = await ownersStats(client, name, window)
      if (stats) {
        printResult(command, stats, () => ownersText(stats))
        note(`calls since ${stats.since}; those of the last seconds may be missing`)
        return
      }
      const own = await callStatistics(client, name)
      printResult(command, { model_stats: own }, () => consumersText(own))
      note('your own calls of the last 14 days')
    })
