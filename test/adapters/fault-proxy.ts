import { createServer, request as httpRequest } from 'node:http'
import { listen } from '../../local/listen.ts'

export type Fate = 'answer' | 'drop the answer' | 'drop the request' | 'conflict'

/** What DynamoDB answers while another transaction holds an item of this write. Our own tables have no such moment. */
const conflictOf = (operation: string) =>
  operation === 'TransactWriteItems'
    ? {
        __type: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      }
    : { __type: 'TransactionConflictException' }

/** A proxy that forwards, drops the request, applies it and drops its answer, or refuses it; `operations` counts what came. */
export const startProxy = async (target: string) => {
  const fates: Fate[] = []
  const operations: string[] = []
  const server = createServer((incoming, outgoing) => {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1]!
    operations.push(operation)
    const fate = fates.shift() ?? 'answer'
    if (fate === 'conflict') {
      incoming.resume()
      return void outgoing.writeHead(400).end(JSON.stringify(conflictOf(operation)))
    }
    if (fate === 'drop the request') return void incoming.socket.destroy()
    const forward = httpRequest(target, { method: 'POST', headers: incoming.headers }, (answer) => {
      if (fate === 'drop the answer') return void answer.resume().on('end', () => incoming.socket.destroy())
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(forward)
  })
  const port = await listen(server, 0)
  return { url: `http://127.0.0.1:${port}`, fates, operations, close: () => server.close() }
}
