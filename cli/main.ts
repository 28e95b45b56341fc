import { runWords } from './run-words.ts'

const words = process.argv.slice(2)
// Before anything is printed: styleText reads the variable.
if (words.includes('--no-color')) process.env.NO_COLOR = '1'
// `percall models | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await runWords(words)
