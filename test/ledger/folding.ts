/** The fold over the real ledger code, of the shards that have consumers, and what its totals must come to. */
import { createHmac } from 'node:crypto'
import { type FoldPlace, foldPorts } from '../../adapters/ledger/fold-ports.ts'
import { shardOf } from '../../adapters/ledger/ledger-keys.ts'
import type { FoldPorts } from '../../src/ledger/fold.ts'
import type { Core } from './core.ts'
import { hours } from './invariants.ts'

export const macOf = async (text: string): Promise<string> =>
  createHmac('sha256', 'secret').update(text).digest('base64')

type Tables = ReturnType<Core['tablesOf']>

export const foldPlace = ({ setting }: Pick<Core, 'setting'>, { ledger, registry }: Tables): FoldPlace => ({
  ...{ ledger, registry, hourAt: hours },
  shards: [...new Set(setting.consumers.map(({ id }) => shardOf(id)))],
  // So little that every fold and every reconciliation goes in several parts.
  ...{ mostSlots: 2, mostRows: 3 },
})

export const foldPortsOf = (of: Pick<Core, 'setting'>, tables: Tables): FoldPorts =>
  foldPorts(foldPlace(of, tables), macOf)
