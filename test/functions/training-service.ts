/** A training service in this process: its doors, its machine, and what tests of runs ask of them. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, vi } from 'vitest'
import { type Asked, openDoors } from './doors.ts'
import { openTrainingMachine } from './training-machine.ts'

export type TrainingService = Awaited<ReturnType<typeof openTrainingService>>

export const openTrainingService = async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const machine = await openTrainingMachine()
  process.env.AWS_ENDPOINT_URL_SFN = machine.url
  const doors = await openDoors()
  const objects = new S3Client({ forcePathStyle: true })
  const ask = (method: string, path: string, asked: Asked = {}) =>
    doors.control(method, path, { key: doors.owner, ...asked })
  const ended = async (id: string) => {
    for (;;) {
      const { body } = await ask('GET', `/api/runs/${id}`)
      if (!['queued', 'running'].includes(body.state)) return body
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return {
    doors,
    machine,
    ask,
    ended,
    upload: (dataset: string, text: string | Uint8Array) =>
      ask('POST', `/api/datasets/${dataset}/versions`, {
        body: typeof text === 'string' ? Buffer.from(text) : text,
        headers: { 'content-type': 'text/csv' },
      }),
    /** Starts a run and waits for its end. */
    train: async (body: object) => {
      const started = await ask('POST', '/api/runs', { body })
      expect(started).toMatchObject({ status: 202, body: { id: expect.any(String) } })
      return ended(started.body.id)
    },
    putData: (key: string, value: unknown) =>
      objects.send(new PutObjectCommand({ Bucket: 'plain', Key: key, Body: JSON.stringify(value) })),
    close: async (): Promise<void> => {
      log.mockRestore()
      await machine.close()
      await doors.close()
      delete process.env.AWS_ENDPOINT_URL_SFN
      objects.destroy()
    },
  }
}

/** Two classes that overlap, by a seedless rule: enough rows for folds, few enough to be quick. */
export const overlapping = (rows = 150): string => {
  const lines = Array.from({ length: rows }, (_, i) => {
    const a = ((i * 37) % 101) / 50 - 1
    const b = ((i * 53) % 89) / 45 - 1
    return `${a},${b},${['x', 'y', 'z'][i % 3]},${a + b + ((i * 29) % 31) / 15 - 1 > 0 ? 'yes' : 'no'}`
  })
  return `a,b,c,target\n${lines.join('\n')}\n`
}
