import { Command } from 'commander'
import { createKey, listKeys, revokeKey } from '../../client/billing.ts'
import { clientOf, confirm, note, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { wrongUsage } from '../failure.ts'
import { table } from '../table.ts'
import { gather } from '../values.ts'

const ownerId = 'owner'

type Options = {
  readonly owner?: boolean
  readonly name?: string
  readonly grant?: readonly string[]
  readonly expires?: string
  readonly registryTable?: string
  readonly keyArn?: string
}

const create = (): Command =>
  new Command('create')
    .description('make a key; its secret is shown once')
    .argument('[consumer]', 'whose key; none with --owner')
    .option('--owner', "an owner's key, which may do everything")
    .option('--name <name>', 'what the key is for')
    .option('--grant <model>', 'narrow the key to this model (many times)', gather)
    .option('--expires <time>', 'such as 2027-01-31T00:00:00Z')
    .option('--registry-table <name>', "with --owner and AWS credentials: the Service stack's output RegistryTable")
    .option('--key-arn <arn>', "with --owner and AWS credentials: the Service stack's output KeyArn")
    .action(async (consumer: string | undefined, options: Options, command: Command) => {
      const { owner, name, grant, expires, registryTable, keyArn } = options
      if ((consumer === undefined) !== (owner === true))
        throw wrongUsage('expected a consumer, or --owner', 'percall key create acme; percall key create --owner')
      if ((registryTable === undefined) !== (keyArn === undefined))
        throw wrongUsage('expected --registry-table and --key-arn together')
      const body = { ...(name !== undefined && { name }), ...(grant && { grants: grant }), ...(expires && { expires }) }
      const key =
        owner && registryTable !== undefined && keyArn !== undefined
          ? await (await import('../../adapters/wiring-owner-key.ts')).makeOwnerKey({ registryTable, keyArn }, name)
          : await createKey(clientOf(command), consumer ?? ownerId, body)
      printResult(command, key, key.secret)
      note(`key ${key.id} of ${consumer ?? ownerId}; the secret is not shown again`)
    })

const list = (): Command =>
  new Command('list')
    .description('list the keys of a consumer')
    .argument('<consumer>')
    .action(async (consumer: string, _: object, command: Command) => {
      const client = clientOf(command)
      const keys = await everyPage('keys', (query) => listKeys(client, consumer, query))
      printResult(command, { keys }, () =>
        table(
          ['key', 'name', 'grants', 'created', 'expires', 'revoked'],
          keys.map(({ id, name, grants, createdAt, expires, revoked }) => [
            id,
            name,
            grants?.join(', ') ?? 'all of the consumer',
            createdAt,
            expires,
            revoked,
          ]),
        ),
      )
    })

const revoke = (): Command =>
  new Command('revoke')
    .description('revoke a key for good; it stops working within a minute')
    .argument('<consumer>')
    .argument('<key>', 'its id')
    .action(async (consumer: string, key: string, _: object, command: Command) => {
      await confirm(command, `revoke key ${key} of ${consumer}?`)
      await revokeKey(clientOf(command), consumer, key)
      printResult(command, { id: key, revoked: true }, `${key}: revoked`)
    })

/** Keys of consumers and of the owner. */
export const keyCommand = (): Command => {
  const command = new Command('key').description('keys of consumers and of the owner')
  for (const inner of [create(), list(), revoke()]) command.addCommand(inner)
  return command
}
