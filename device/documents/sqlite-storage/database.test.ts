import { expect, onTestFinished, test } from 'vitest';
import { addRxPlugin, createRxDatabase, type RxJsonSchema } from 'rxdb';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { getRxStorageNodeSqlite } from './index.ts';
import { temporaryFolder } from './storage.fixture.ts';

addRxPlugin(RxDBMigrationSchemaPlugin);

interface Task {
  readonly id: string;
  readonly minutes: number;
}

function taskSchema(version: number, unit: 'minutes' | 'seconds'): RxJsonSchema<Task> {
  return {
    version,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 40 },
      [unit]: { type: 'number', minimum: 0, maximum: 100_000, multipleOf: 1 },
    },
    required: ['id', unit],
    indexes: [unit],
  } as unknown as RxJsonSchema<Task>;
}

async function openDatabase(folder: string) {
  const database = await createRxDatabase({ name: 'store', storage: getRxStorageNodeSqlite({ folder }) });
  onTestFinished(async () => void (await database.close()));
  return database;
}

test('RxDB migrates a collection to a new schema version, deleted documents included', async () => {
  const folder = temporaryFolder();
  const before = await openDatabase(folder);
  await before.addCollections({ tasks: { schema: taskSchema(0, 'minutes') } });
  await before['tasks']?.bulkInsert(Array.from({ length: 300 }, (_, n) => ({ id: `task-${n}`, minutes: n })));
  await before['tasks']?.findOne('task-7').remove();
  await before.close();

  const after = await openDatabase(folder);
  await after.addCollections({
    tasks: {
      schema: taskSchema(1, 'seconds'),
      migrationStrategies: { 1: ({ minutes, ...rest }: Task) => ({ ...rest, seconds: minutes * 60 }) },
    },
  });
  const found = await after['tasks']?.find({ selector: { seconds: { $gte: 17_900 } } }).exec();
  expect(found?.map((task: Task) => task.id)).toEqual(['task-299']);
  expect(await after['tasks']?.count().exec()).toBe(299);
});

test('live queries follow writes, and durability is chosen per collection', async () => {
  const database = await openDatabase(temporaryFolder());
  await database.addCollections({
    tasks: {
      schema: taskSchema(0, 'minutes'),
      options: {},
      instanceCreationOptions: { durability: 'normal' },
    },
  });
  const tasks = database['tasks'];
  if (!tasks) throw new Error('the collection is missing');
  const seen: string[][] = [];
  const subscription = tasks
    .find({ selector: { minutes: { $lt: 10 } }, sort: [{ minutes: 'asc' }] })
    .$.subscribe((documents: Task[]) => seen.push(documents.map(({ id }) => id)));
  await tasks.insert({ id: 'b', minutes: 5 });
  await tasks.insert({ id: 'a', minutes: 2 });
  await tasks.insert({ id: 'too long', minutes: 50 });
  await tasks.findOne('b').patch({ minutes: 1 });
  await tasks.findOne('a').remove();
  expect(await tasks.find({ selector: { minutes: { $lt: 10 } } }).exec()).toHaveLength(1);
  subscription.unsubscribe();
  expect(seen.at(-1)).toEqual(['b']);
  expect(seen).toContainEqual(['b', 'a']);
});

test('a database that is removed is empty when it is made again', async () => {
  const folder = temporaryFolder();
  const first = await openDatabase(folder);
  await first.addCollections({ tasks: { schema: taskSchema(0, 'minutes') } });
  await first['tasks']?.insert({ id: 'a', minutes: 5 });
  await first.remove();
  const second = await openDatabase(folder);
  await second.addCollections({ tasks: { schema: taskSchema(0, 'seconds') } });
  expect(await second['tasks']?.count().exec()).toBe(0);
});
