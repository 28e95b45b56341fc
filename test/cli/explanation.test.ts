import { expect, test } from 'vitest'
import { explanationHtml } from '../../cli/explanation-html.ts'
import { globalText } from '../../cli/global-text.ts'
import { waterfall } from '../../cli/waterfall.ts'
import type { ExplanationBody, ExplanationsBody, GlobalExplanationsBody } from '../../client/explanation-body.ts'

const explanation: ExplanationBody = {
  baseValue: 20,
  prediction: 24,
  answer: 24,
  contributions: [
    { name: '重量', value: 2130.5, contribution: -2 },
    { name: 'Origin', value: 'a <b>', contribution: 6, standardError: 0.25 },
    { name: 'Year', value: null, contribution: 0 },
  ],
  additivityError: 0,
  sentence: 'MPG is 24.',
}
const common = { output: 'value' } as const

test('an explained row without colours -> its sentence, and steps that end where the next begins', () => {
  const text = waterfall(explanation, common, { columns: 60, colours: false })
  expect(text).not.toContain('\u001b')
  const lines = text.split('\n')
  expect(lines[0]).toBe('MPG is 24.')
  expect(lines.slice(1)).toEqual([
    'usual answer          20  │ value',
    `Origin = a <b>  +6 ±0.25  ${'█'.repeat(34)}`,
    `重量 = 2130           -2  ${' '.repeat(22)}${'█'.repeat(12)}`,
    `Year = missing        +0  ${' '.repeat(22)}▏`,
    `this answer           24  ${' '.repeat(22)}│`,
  ])
})

test('contributions whose error is unknown -> a question mark, in a terminal and on the page', () => {
  const contributions = [{ name: 'a', value: 1, contribution: 4, standardError: null }]
  const text = waterfall({ ...explanation, contributions }, common, { columns: 60, colours: false })
  expect(text).toMatch(/^a = 1 +\+4 ±\? /m)
  const all: ExplanationsBody = {
    ...{ method: 'permutation', output: 'value', columns: 'column', modelRows: 10, language: 'en' },
    background: { kind: 'version', rows: 50 },
    explanations: [{ ...explanation, contributions }],
  }
  expect(explanationHtml('cars/3', all)).toContain('+4 ±?')
})

test.for([
  ['platt', 'answered: 0.5 after calibration'],
  ['clip', 'answered: 0.5'],
])('an answer behind a calibration of kind %s -> %s', ([kind, said]) => {
  const calibration = { kind: kind!, output: 'probability', before: 24, after: 0.5 }
  const text = waterfall({ ...explanation, answer: 0.5, calibration }, common, { columns: 60, colours: false })
  expect(text.split('\n').at(-1)).toBe(said)
})

test('an explained row with colours and a counterfactual -> what rises and falls in colours, the change in words', () => {
  const counterfactual = {
    found: true,
    ...{ class: 'yes', probability: 0.61, distance: 0.2, modelRows: 90 },
    changes: [{ column: 'Year', from: null, to: 82 }],
  } as const
  const text = waterfall({ ...explanation, answer: 0.5, counterfactual }, common, { columns: 200, colours: true })
  expect(text).toContain('\u001b[31m█')
  expect(text).toContain(`\u001b[34m${' '.repeat(26)}█`)
  expect(text.split('\n').slice(-2)).toEqual([
    'answered: 0.5',
    'yes (probability 0.61) with Year 82 instead of missing',
  ])
})

test('many columns -> the twelve strongest and the sum of the others', () => {
  const contributions = Array.from({ length: 15 }, (_, i) => ({ name: `c${i}`, value: i, contribution: 15 - i }))
  const text = waterfall({ ...explanation, prediction: 140, contributions }, common, { columns: 80, colours: false })
  expect(text.split('\n')).toHaveLength(17)
  expect(text).toMatch(/3 others\s+\+6 /)
})

const wholeOf = (columns: number): GlobalExplanationsBody => ({
  ...({ on: 'test', rows: 9, target: 'y', dependence: [], leftOut: [], plots: ['importance'] } as const),
  permutation: {
    ...({ loss: 'rmse', baseLoss: 1, repeats: 5 } as const),
    columns: Array.from({ length: columns }, (_, i) => ({
      ...{ column: `c${i}`, importance: columns - i, standardDeviation: 1, low: 0, high: 9 },
    })),
  },
})

test('a version of more columns than are shown -> how many are left out, and where they are', () => {
  expect(globalText(wholeOf(23))).toMatch(/^c19 .*\nand 3 columns more: --json shows all\n/m)
  expect(globalText(wholeOf(20))).not.toContain('more')
})

test('explained rows as a page -> all of it in one file, with texts escaped', () => {
  const all: ExplanationsBody = {
    ...{ method: 'permutation', output: 'value', columns: 'column', modelRows: 10, language: 'zh' },
    background: { kind: 'version', rows: 50 },
    explanations: [explanation, explanation],
  }
  const page = explanationHtml('cars/3', all)
  expect(page).toMatch(/^<!doctype html>\n<html lang="zh">/)
  expect(page.match(/<section>/g)).toHaveLength(2)
  expect(page).toContain('Origin = a &#60;b&#62;')
  expect(page).toContain('+6 ±0.25')
  expect(page).not.toMatch(/<script|https?:|a <b>/)
  expect(page).toContain('prefers-color-scheme:dark')
})

test('given values with control characters, a terminal gets none of them', () => {
  const contributions = [{ name: 'a\u001b[2J', value: 'b\u009b1m', contribution: 1 }]
  const text = waterfall({ ...explanation, contributions, sentence: 'c\u001b]0;d' }, common, {
    columns: 60,
    colours: false,
  })
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
