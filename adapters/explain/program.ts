import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Question } from '../../src/call/question.ts'
import { PercallError } from '../../src/errors.ts'
import type { readExplain } from '../../src/explain/explain-question.ts'

export type ReadExplain = ReturnType<typeof readExplain>

export type CreateExplain = (readArtifact: (digest: string) => Promise<Uint8Array>) => ReadExplain

type Program = { readonly createExplain: CreateExplain }

/** explain.js lies beside the bundle of every function that explains: infra/build.ts. */
const loadProgram = (): Program => {
  const file = join(process.env.LAMBDA_TASK_ROOT ?? '.', 'explain.js')
  return createRequire(file)(file) as Program // explain.ts, which exports one
}

// The program has a copy of the class, of which no error is an instance here.
const isRefusal = (thrown: unknown): thrown is PercallError =>
  thrown instanceof Error && thrown.name === 'PercallError' && !(thrown instanceof PercallError)

const owned = (thrown: unknown): unknown => {
  if (!isRefusal(thrown)) return thrown
  const { code, message, headers, members } = thrown
  return new PercallError(code, message, { cause: thrown, headers, members })
}

const owning =
  <Arguments extends readonly unknown[], Result>(ask: (...own: Arguments) => Promise<Result>) =>
  async (...own: Arguments): Promise<Result> => {
    try {
      return await ask(...own)
    } catch (thrown) {
      throw owned(thrown)
    }
  }

const ownedQuestion = ({ check, converse, ...question }: Question): Question => ({
  ...question,
  ...(check && { check: owning(check) }),
  ...(converse && { converse: owning(converse) }),
})

/**
 * Reads questions to be explained. Its code is a file of its own, so that calls which explain nothing do not start slower by
 * it; see docs/decisions/0045.
 */
export const lazyExplain = (readArtifact: (digest: string) => Promise<Uint8Array>): ReadExplain => {
  let made: ReadExplain | undefined
  return (body, query, columns) => (deployed) => {
    made ??= loadProgram().createExplain(readArtifact)
    try {
      return ownedQuestion(made(body, query, columns)(deployed))
    } catch (thrown) {
      throw owned(thrown)
    }
  }
}
