import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findKept, keep } from '../../infra/kept-bundles.ts'

const inputs = ['src/a.ts', 'node_modules/x/index.js']
const settings = ['infra/build.ts', 'tsconfig.json', 'package.json', 'package-lock.json']
const handlers = ['control', 'predict']
const longAgo = new Date('2026-01-01')

/** A tree with bundles, which are kept unless told otherwise. */
const plant = () => {
  const root = mkdtempSync(join(tmpdir(), 'percall-kept-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    utimesSync(join(root, path), longAgo, longAgo)
  }
  for (const path of [...inputs, ...settings]) write(path, `of ${path}`)
  write('made/predict/index.js', 'a bundle')
  const place = { root, kept: join(root, 'kept') }
  const made = (beganAtMs = Date.now()) => keep(join(root, 'made'), { handlers, inputs, beganAtMs }, place)
  return { write, place, made }
}

test('nothing changed -> the same bytes', () => {
  const { place, made } = plant()
  expect(findKept(handlers, place)).toBeUndefined()
  made()
  expect(readFileSync(join(findKept(handlers, place)!, 'predict', 'index.js'), 'utf8')).toBe('a bundle')
})

test.for([...inputs, ...settings])('%s changed -> bundled again; as it was -> the kept ones again', (path) => {
  const { write, place, made } = plant()
  made()
  const before = findKept(handlers, place)
  write(path, 'another text')
  expect(findKept(handlers, place)).toBeUndefined()
  made()
  expect(findKept(handlers, place)).not.toBe(before)
  write(path, `of ${path}`)
  expect(findKept(handlers, place)).toBe(before)
})

test('another handler -> bundled again', () => {
  const { place, made } = plant()
  made()
  expect(findKept([...handlers, 'probe'], place)).toBeUndefined()
})

test('a file that was written while it was bundled -> not kept', () => {
  const { place, made } = plant()
  made(longAgo.getTime())
  expect(findKept(handlers, place)).toBeUndefined()
})

test('many changes -> the last four are kept', () => {
  const { write, place, made } = plant()
  const found = ['1', '2', '3', '4', '5', '6'].map((text) => {
    write('src/a.ts', text)
    made()
    const folder = findKept(handlers, place)!
    // One second apart, whatever the clock of files can tell apart.
    utimesSync(dirname(folder), longAgo, new Date(longAgo.getTime() + 1000 * Number(text)))
    return folder
  })
  const left = ['1', '2', '3', '4', '5', '6'].filter((text) => {
    write('src/a.ts', text)
    return findKept(handlers, place) !== undefined
  })
  expect(new Set(found).size).toBe(6)
  expect(left).toEqual(['3', '4', '5', '6'])
})
