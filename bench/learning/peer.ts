import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TrainingData } from '../../src/estimators/estimator.ts'

export type Fitted = { readonly ms: number; readonly loss: number; readonly note: string }

/** scikit-learn in a process of its own, on one thread as ours; the table is read before the first question. */
export type Peer = { readonly version: string; readonly fit: () => Promise<Fitted>; readonly close: () => void }

/** Debian's interpreter has the package of the distribution, whatever comes first on the path. */
const interpreters = ['python3', '/usr/bin/python3']

const findPython = (): string | undefined =>
  interpreters.find((python) => {
    try {
      execFileSync(python, ['-c', 'import sklearn'], { stdio: 'ignore' })
      return true
    } catch {
      return false // the next one, or none
    }
  })

/** Undefined, with a word on the terminal, where there is no Python with scikit-learn. */
export const openPeer = async (
  question: 'linear' | 'logistic' | 'mlp',
  { X, y }: TrainingData,
  net?: object,
): Promise<Peer | undefined> => {
  const python = findPython()
  if (python === undefined) {
    console.log(
      `${question}: there is no Python with scikit-learn here (bench/peers/sklearn_fit.py), ratios are skipped`,
    )
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
  writeFileSync(join(folder, 'table.json'), JSON.stringify({ net }))
  writeFileSync(join(folder, 'x.f64'), X.values)
  writeFileSync(join(folder, 'y.f64'), y)
  const script = join(import.meta.dirname, '..', 'peers', 'sklearn_fit.py')
  const one = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  const child = spawn(python, [script, question, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...one },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${script} ${question}: expected an answer, it ended`)
    return JSON.parse(value)
  }
  const { version } = (await answer()) as { version: string } // as the script prints it
  return {
    version,
    fit: async () => {
      child.stdin.write('\n')
      return (await answer()) as Fitted // as the script prints it
    },
    close: () => {
      child.stdin.end()
      rmSync(folder, { recursive: true })
    },
  }
}
