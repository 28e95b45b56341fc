import type { Command } from 'commander'
import type { Question } from '../client/ask.ts'
import type { CallFacts } from '../client/bodies.ts'
import { type Call, submit } from '../client/calls.ts'
import type { Client } from '../client/client.ts'
import { note, printResult } from './context.ts'

/** Sends a call to be answered later, and prints its id at once. */
export const sendLater = async <Result extends object>(
  client: Client,
  question: Question<Result>,
  command: Command,
): Promise<void> => {
  const call = await submit(client, question)
  printResult(command, await call.status(), call.id)
  note(`percall call ${call.id} --out FILE takes its answer`)
}

/** Waits for a call that is answered later, and shows how far it is. */
export const waitForLater = async <Result extends object>(
  client: Client,
  question: Question<Result>,
): Promise<{ readonly call: Call<Result & CallFacts>; readonly answer: Result & CallFacts }> => {
  const call = await submit(client, question)
  // Whoever stops waiting can come back to it.
  note(`call ${call.id}`)
  return { call, answer: await call.wait({ onProgress: ({ state }) => note(`${state} ...`) }) }
}
