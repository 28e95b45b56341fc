import { Command } from 'commander'
import { embed } from '../../client/embeddings.ts'
import { clientOf, note, printResult } from '../context.ts'
import { wholeNumber } from '../values.ts'

/** Vectors of texts by an embedding model. */
export const embedCommand = (): Command =>
  new Command('embed')
    .description('turn texts into vectors, one JSON array a line')
    .argument('<name>', 'name, name@alias or name@3')
    .argument('<texts...>')
    .option('--dimensions <n>', 'fewer than the model has, where it allows that', wholeNumber)
    .action(async (name: string, texts: string[], options: { readonly dimensions?: number }, command: Command) => {
      const { embeddings, tokens, version, units, cost, requestId } = await embed(clientOf(command))(
        name,
        texts,
        options,
      )
      const vectors = embeddings.map((vector) => [...vector])
      printResult(command, { embeddings: vectors, tokens, version, units, cost, requestId }, () =>
        vectors.map((vector) => JSON.stringify(vector)).join('\n'),
      )
      note(`${version}: tokens ${tokens}, units ${units}, cost ${cost}`)
    })
