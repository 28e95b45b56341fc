import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Question } from '../client/ask.ts'
import type { Client } from '../client/client.ts'
import { csvQuestion, rowsQuestion } from '../client/rows.ts'
import { note, printResult } from './context.ts'
import { sendLater, waitForLater } from './later.ts'
import { isJson, linesOf, readInstances } from './rows-file.ts'
import { readText } from './utf8-text.ts'

type Text = { readonly text: string }

const reading = <Result>(question: Question<Result>, text: (result: Result) => string): Question<Text> => ({
  ...question,
  read: (answer) => ({ text: text(question.read(answer)) }),
})

type Options = { readonly unknown: 'refuse' | 'ignore'; readonly out?: string | undefined }

/** One call for all rows of a file, answered later: prints its id at once, or puts its answer into the file `out`. */
export const predictLater = async (
  client: Client,
  name: string,
  file: string,
  { unknown, out }: Options,
  command: Command,
): Promise<void> => {
  const question = isJson(file)
    ? reading(rowsQuestion(name, readInstances(file), { unknown }), linesOf)
    : reading(csvQuestion(name, readText(file), { unknown }), ({ csv }) => csv.trimEnd())
  if (out === undefined) return await sendLater(client, question, command)
  const { call, answer } = await waitForLater(client, question)
  const { text, version, units, cost } = answer
  writeFileSync(out, `${text}\n`)
  printResult(command, await call.status(), '')
  note(`${version}: calls 1, units ${units}, cost ${cost}`)
}
