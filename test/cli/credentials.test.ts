import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { credentialsPath, findProfile, readProfiles, writeProfiles } from '../../cli/credentials.ts'

const local = { url: 'http://127.0.0.1:8080', key: 'pc_live_local' }
const other = { url: 'https://models.example', key: 'pc_live_other' }

const folders = () => {
  const root = mkdtempSync(join(tmpdir(), 'percall-credentials-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const deep = join(root, 'project', 'a', 'b')
  const home = join(root, 'home')
  mkdirSync(deep, { recursive: true })
  writeProfiles(credentialsPath(join(root, 'project', '.percall')), { local, other })
  writeProfiles(credentialsPath(join(home, '.percall')), { local: other, far: other })
  return { root, deep, home }
}

test.for([
  { given: 'nothing set', wanted: {}, environment: {}, found: local },
  { given: 'an option for each', wanted: other, environment: { PERCALL_URL: 'x', PERCALL_KEY: 'y' }, found: other },
  {
    given: 'both variables',
    wanted: {},
    environment: { PERCALL_URL: other.url, PERCALL_KEY: 'pc_live_e' },
    found: { ...other, key: 'pc_live_e' },
  },
  { given: 'empty variables', wanted: {}, environment: { PERCALL_URL: '', PERCALL_KEY: '' }, found: local },
  { given: 'another key', wanted: { key: 'pc_live_k' }, environment: {}, found: { ...local, key: 'pc_live_k' } },
  { given: 'a profile', wanted: { profile: 'other' }, environment: {}, found: other },
  { given: 'a profile of the home folder', wanted: { profile: 'far' }, environment: {}, found: other },
  { given: 'the URL of a stored profile', wanted: { url: other.url }, environment: {}, found: other },
])('$given -> the profile that it asks for', ({ wanted, environment, found }) => {
  const { deep, home } = folders()
  expect(findProfile(wanted, environment, deep, home)).toEqual(found)
})

test("a URL that no profile has -> an error, and never another service's key", () => {
  const { deep, home } = folders()
  expect(() => findProfile({ url: 'https://evil.example' }, {}, deep, home)).toThrow(
    /no key was given for https:\/\/evil\.example/,
  )
})

test('no file anywhere -> an error that says what to do', () => {
  const { root } = folders()
  const empty = join(root, 'empty')
  mkdirSync(empty)
  expect(() => findProfile({}, {}, empty, empty)).toThrow(
    expect.objectContaining({ code: 'NO_CREDENTIALS', exitCode: 1 }),
  )
  expect(() => findProfile({ profile: 'x' }, {}, empty, empty)).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('profiles that are written -> mode 600, others stay', () => {
  const { root } = folders()
  const path = credentialsPath(join(root, 'project', '.percall'))
  writeProfiles(path, { local: other })
  expect(readProfiles(path)).toEqual({ local: other, other })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file that is no JSON -> an error that names it', () => {
  const { root } = folders()
  const path = join(root, 'broken')
  writeFileSync(path, '{')
  expect(() => readProfiles(path)).toThrow(expect.objectContaining({ code: 'BAD_CREDENTIALS' }))
})
