import type { Phrases } from './phrases.ts'

const list = (items: readonly string[]): string => items.join('、')

export const chinesePhrases: Phrases = {
  missing: '缺失',
  reason: (column, value, adds) => `${column} ${value}（${adds}）`,
  words: (words) => `含 ${list(words)}`,
  list,
  output: (output) => {
    if (output.kind === 'value') return output.target
    if (output.kind === 'logarithm') return `${output.target} 的对数`
    const of = output.class === undefined ? output.target : `${output.target} = ${output.class}`
    return `${of} 的${output.kind === 'probability' ? '概率' : '对数几率得分'}`
  },
  served: (answer, { kind }, served) => {
    const after = served.calibrated ? '校准后' : ''
    return kind === 'margin'
      ? `${answer}（${after}概率 ${served.answer}）`
      : `${answer}（${after}回答为 ${served.answer}）`
  },
  above: (output, { answer, usual, by }) => `${output}为 ${answer}，比通常的 ${usual} 高 ${by}`,
  below: (output, { answer, usual, by }) => `${output}为 ${answer}，比通常的 ${usual} 低 ${by}`,
  near: (output, { answer, usual }) => `${output}为 ${answer}，接近通常的 ${usual}`,
  because: (raising, lowering) => {
    const parts = [
      ...(raising === undefined ? [] : [`主要被 ${raising} 拉高`]),
      ...(lowering === undefined ? [] : [`${raising === undefined ? '主要' : ''}被 ${lowering} 拉低`]),
    ]
    return parts.join('，')
  },
  cancel: (raising, lowering) => `拉高它的 ${raising} 与拉低它的 ${lowering} 大致相互抵消`,
  doubtful: (because, columns) => `${because}；${columns} 可能也有影响，但未超出估计误差`,
  errorUnknown: (because) => `${because}；这只是一次粗略估计，误差未知`,
  nothingSure: '没有哪一列的影响明显超出估计误差',
  nothing: '没有哪一列改变它',
  sentences: (sentences) => sentences.map((sentence) => `${sentence}。`).join(''),
}
