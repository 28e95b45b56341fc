import { figureOf } from '../measure/figure.ts'
import { alternate, once } from '../measure/pairs.ts'
import type { Fitted, Peer } from './peer.ts'

const pairs = 7

type Question = {
  readonly question: string
  readonly peerName: string
  readonly atMost: number
  readonly ours: () => Promise<Fitted>
  readonly peer: Peer | undefined
}

/** Our fit beside scikit-learn's, in turn; the note has both losses of the last pair. */
export const compare = async ({ question, peerName, atMost, ours, peer }: Question) => {
  await ours() // compiles
  const samplesOf = (all: readonly Fitted[]) => all.map(({ ms }) => once(ms))
  const tell = ({ loss, note }: Fitted): string => `${loss.toPrecision(8)}${note && ` (${note})`}`
  if (peer === undefined) {
    const taken: Fitted[] = []
    for (let pair = 0; pair < pairs; pair++) taken.push(await ours())
    const figure = figureOf({ question, unit: 'ms', samples: samplesOf(taken) })
    return { figure, note: `${question}: loss ${tell(taken.at(-1)!)}.` }
  }
  await peer.fit()
  const taken = await alternate(pairs, ours, peer.fit)
  const figure = figureOf({
    question,
    unit: 'ms',
    samples: samplesOf(taken.ours),
    peer: { name: `scikit-learn ${peer.version} ${peerName}`, samples: samplesOf(taken.peers) },
    targets: [{ of: 'ratio', atMost }],
  })
  const note = `${question}: loss ${tell(taken.ours.at(-1)!)}, scikit-learn ${tell(taken.peers.at(-1)!)}; one thread each.`
  return { figure, note }
}
