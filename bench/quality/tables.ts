import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPython } from '../peers/python.ts'
import type { Answers } from './score.ts'

/** Tables with reference scores of their own, scikit-learn's, and made ones of other characters: bench/peers/quality.py. */
export const tableNames = [
  ...['penguins', 'cars', 'lending_club'],
  ...['diabetes', 'breast_cancer', 'iris', 'wine', 'digits'],
  ...['visits', 'reviews', 'dozen', 'heavy', 'xor', 'wide'],
] as const

type Written = {
  readonly task: 'regression' | 'binary' | 'multiclass'
  readonly target: string
  readonly classes: readonly string[] | null
  /** Train rows. */
  readonly rows: number
  /** Numbers of the test rows that have a target, and that target. */
  readonly known: readonly number[]
  readonly truth: readonly (number | string)[]
  readonly models: readonly {
    readonly model: string
    readonly seconds: number
    readonly processorSeconds: number
    readonly answers: Answers
  }[]
}

/** A table's files, and what scikit-learn answers on its test rows. */
export type PeerTable = { readonly table: Written; readonly file: (ending: string) => string }

/** Makes tables and scikit-learn's answers, one at a time; undefined where Python lacks scikit-learn. */
export const openTables = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-quality-'))
  const data = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'data')
  const peer = await openPython('quality.py', folder, data)
  if (peer === undefined) {
    rmSync(folder, { recursive: true })
    return undefined
  }
  return {
    version: peer.version,
    close: () => {
      peer.close()
      rmSync(folder, { recursive: true })
    },
    make: async (name: string): Promise<PeerTable> => {
      await peer.ask(name)
      const file = (ending: string): string => join(folder, `${name}.${ending}`)
      return { file, table: JSON.parse(readFileSync(file('json'), 'utf8')) as Written } // the script wrote it
    },
  }
}
