import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** What a peer's fit took, and its score on the rows behind. */
export type PeerFit = { readonly fitMs: number; readonly score: number }

const script = join(import.meta.dirname, '..', 'peers', 'trees.py')
const python = process.env.PERCALL_PYTHON ?? '/usr/bin/python3'

/** Why the peers cannot be asked, or undefined when they can. */
export const missingPeers = (): string | undefined => {
  const { status, error } = spawnSync(python, ['-c', 'import numpy, sklearn, xgboost'], { stdio: 'ignore' })
  if (error) return `${python} is not installed`
  return status === 0 ? undefined : 'scikit-learn or xgboost is not installed: bench/peers/trees.py says how'
}

/** Peers in a process of their own, whose libraries are loaded before the first question. */
export const openPeers = (threads: number) => {
  const child = spawn(python, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async (question: object): Promise<PeerFit> => {
      child.stdin.write(`${JSON.stringify({ ...question, threads })}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('peers: expected an answer, got the end of their output')
      return JSON.parse(value) as PeerFit // as the script writes it
    },
    close: () => child.stdin.end(),
  }
}
