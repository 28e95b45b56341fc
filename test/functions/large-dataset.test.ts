import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Asked, openDoors } from './doors.ts'
import { openTrainingMachine } from './training-machine.ts'

let doors: Awaited<ReturnType<typeof openDoors>>
let machine: Awaited<ReturnType<typeof openTrainingMachine>>

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  machine = await openTrainingMachine()
  process.env.AWS_ENDPOINT_URL_SFN = machine.url
  doors = await openDoors()
})
afterAll(async () => {
  await machine.close()
  await doors.close()
})

const ask = (method: string, path: string, asked: Asked = {}) =>
  doors.control(method, path, { key: doors.owner, ...asked })

const header = 'x,z,note,y\n'
// A row of fixed length, so that the size is known before; the note is one of four texts of a thousand letters.
const noteLetters = 1000
const notes = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(noteLetters))
const row = (i: number): string => {
  const x = (Math.imul(i, 2654435761) >>> 0) % 1000
  const z = (Math.imul(i, 40503) >>> 0) % 100
  return `${String(x).padStart(3, '1')}.5,${String(z + 100)},${notes[i % 4]},${String(2 * x + z + (i % 4)).padStart(4, '1')}.25\n`
}
const rowBytes = row(0).length

function* pieces(rows: number): Generator<Buffer> {
  yield Buffer.from(header)
  const together = 2000
  for (let from = 0; from < rows; from += together) {
    const some = Array.from({ length: Math.min(together, rows - from) }, (_, i) => row(from + i))
    yield Buffer.from(some.join(''))
  }
}

const upload = async (rows: number) => {
  const sizeBytes = header.length + rows * rowBytes
  const { body: place } = await ask('POST', '/api/uploads', { body: { contentType: 'text/csv', sizeBytes } })
  const body = Readable.toWeb(Readable.from(pieces(rows)))
  // The content-length header is signed; fetch needs half duplex for a stream.
  const put = { method: 'PUT', headers: place.headers, body, duplex: 'half' } as unknown as RequestInit
  expect((await fetch(place.url, put)).status).toBe(200)
  return ask('POST', '/api/datasets/large/versions', { body: { upload: place.id } })
}

const ended = async (id: string) => {
  for (;;) {
    const { body } = await ask('GET', `/api/runs/${id}`)
    if (!['queued', 'running'].includes(body.state)) return body
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

// Minutes, and 6 GB of disk: a part of `npm run test:all`.
test.runIf(process.env.PERCALL_LONG)(
  'a CSV file of 2 GB by upload -> a version at once, and a model of all its rows',
  { timeout: 30 * 60_000 },
  async () => {
    const rows = Math.ceil((2 * 1024 ** 3) / rowBytes)
    const { status, body } = await upload(rows)
    expect({ status, ...body }).toMatchObject({
      status: 201,
      version: 1,
      rows: null,
      sha256: null,
      columns: ['x', 'z', 'note', 'y'],
      profile: null,
      notice: expect.stringContaining('the first run on this version reads and checks its rows'),
    })
    machine.time.remainingMs = 900_000
    const request = { model: 'large', dataset: 'large', target: 'y', algorithms: ['linear'] }
    const begun = await ask('POST', '/api/runs', { body: request })
    const run = await ended(begun.body.id)
    expect(run.failure).toBeUndefined()
    const card = await doors.readData(`runs/${run.id}/card.json`)
    expect(card.data.trainRows + card.data.testRows).toBe(rows)
  },
)
