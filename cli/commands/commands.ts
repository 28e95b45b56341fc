import { Command } from 'commander'
import { printResult } from '../context.ts'

type Tree = {
  readonly name: string
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly required: boolean; readonly description: string }[]
  readonly options: readonly { readonly flags: string; readonly description: string }[]
  readonly commands: readonly Tree[]
}

const treeOf = (command: Command): Tree => ({
  name: command.name(),
  description: command.description(),
  arguments: command.registeredArguments.map((argument) => ({
    name: argument.name(),
    required: argument.required,
    description: argument.description,
  })),
  options: command.options.map(({ flags, description }) => ({ flags, description })),
  commands: command.commands.map(treeOf),
})

const lines = ({ description, commands }: Tree, path: string): readonly string[] => {
  const own = path === '' ? [] : [`${path.padEnd(28)} ${description}`]
  return [...own, ...commands.flatMap((inner) => lines(inner, `${path}${path && ' '}${inner.name}`))]
}

/** The command tree, for tools and agents. */
export const commandsCommand = (): Command =>
  new Command('commands').description('list every command; --json for tools').action((_: object, command: Command) => {
    let root = command
    while (root.parent) root = root.parent
    const tree = treeOf(root)
    printResult(command, tree, () => lines(tree, '').join('\n'))
  })
