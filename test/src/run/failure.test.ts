import { expect, test } from 'vitest'
import { PercallError } from '../../../src/errors.ts'
import { failureOf, thrownByStep } from '../../../src/run/failure.ts'

/** As Lambda serialises what a handler throws, cut where the machine cuts it. */
const caught = (thrown: unknown, mostCharacters = 4000) => {
  const { name, message, stack } = thrownByStep(thrown) as Error // what this test throws
  const cause = JSON.stringify({ errorType: name, errorMessage: message, trace: stack?.split('\n') })
  return { step: 'fit', error: name, cause: cause.slice(0, mostCharacters) } as const
}

test.for<[string, unknown, object]>([
  [
    'a refusal',
    new PercallError('BAD_RUN', 'column "a\nb": expected 1, got 2'),
    { code: 'BAD_RUN', cause: 'column "a\nb": expected 1, got 2' },
  ],
  [
    'any other error',
    new TypeError('x is not a function at /var/task/secret.js'),
    { code: 'INTERNAL', cause: 'step fit failed by a fault of the service (TypeError)' },
  ],
])('%s thrown by a state -> the failure of its run', ([, thrown, failure]) => {
  expect(failureOf(caught(thrown))).toEqual({ ...failure, step: 'fit' })
})

test('a cause that the machine has cut inside the trace -> the message all the same', () => {
  const thrown = new PercallError('BAD_TABLE', `columns: ${'a, '.repeat(100)}`)
  expect(failureOf(caught(thrown, 500))).toMatchObject({ code: 'BAD_TABLE', cause: thrown.message })
})

test.for(['Sandbox.Timedout', 'States.Timeout', 'Runtime.ExitError'])(
  '%s -> INTERNAL that names it, without its cause',
  (error) => {
    const cause = '{"errorMessage":"2026 req-1 Task timed out after 900.00 seconds"}'
    expect(failureOf({ step: 'prepare', error, cause })).toEqual({
      code: 'INTERNAL',
      cause: `step prepare failed by a fault of the service (${error})`,
      step: 'prepare',
    })
  },
)
