/** One service for the cases of AWS's documentation, each of which runs as a machine of its own. */
import { openStates } from './machines.ts'

export const definition = (States: object, rest: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0],
  States,
  ...rest,
})
export const pass = (rest: object) => ({ Type: 'Pass', ...rest })
export const branch = (States: object) => ({ StartAt: Object.keys(States)[0], States })

/** The service, and what its functions and ports saw. */
export const openCases = async () => {
  const seen = { failuresLeft: 0, concurrent: 0, mostConcurrent: 0, stored: new Map<string, Uint8Array>() }
  const service = await openStates({
    allows: (_, action, resource) => !(action === 'lambda:InvokeFunction' && resource.endsWith(':forbidden')),
    functions: {
      double: ({ n }: { n: number }) => ({ twice: 2 * n }),
      flaky: () => {
        if (seen.failuresLeft-- > 0) throw Object.assign(new Error('not yet'), { name: 'Flaky' })
        return 'at last'
      },
      fails: () => {
        throw Object.assign(new Error('broken'), { name: 'Broken' })
      },
      slow: async () => {
        seen.mostConcurrent = Math.max(seen.mostConcurrent, ++seen.concurrent)
        await new Promise((resolve) => setTimeout(resolve, 20))
        seen.concurrent -= 1
        return 'slow'
      },
      hangs: () => new Promise(() => {}),
      large: () => 'x'.repeat(300_000),
      oddFails: (n: number) => {
        if (n % 2 === 1) throw Object.assign(new Error(`odd ${n}`), { name: 'Odd' })
        return n
      },
      forbidden: () => 'never',
    },
    ports: {
      dynamodb: () => ({ Item: { pk: { S: 'a' } } }),
      getObject: async (_, { Key }) => ({ Body: seen.stored.get(String(Key)) ?? raise(`no key ${Key}`) }),
      putObject: async (_, { Key, Body }) => {
        seen.stored.set(String(Key), Body)
        return { ETag: '"e"' }
      },
      listObjectsV2: async () => ({ Contents: [{ Key: 'a' }, { Key: 'b' }] }),
    },
  })
  return { service, seen }
}

const raise = (message: string): never => {
  throw new Error(message)
}
