/**
 * The store without its borders: journal, belief, exceptions and documents, wired together. Feeds, the link to
 * the hub and the API are put around it by main.ts.
 */
import { join } from 'node:path';
import {
  type Clock,
  type Exception,
  type FeedHealth,
  type PositionDocument,
  moneyOf,
} from '@truecount/protocol';
import { publicKeyFromPem } from '@truecount/protocol/signing';
import type { Logger } from 'pino';
import type { AgentConfig } from '../config.ts';
import { openStoreDocuments, startingPolicy, type StoreDocuments } from '../documents/index.ts';
import { getRxStorageNodeSqlite } from '../documents/sqlite-storage/index.ts';
import { ExceptionBook, type ExceptionChange, pickFinding } from '../exceptions/index.ts';
import { ModelStore } from '../learning/index.ts';
import { Ledger } from '../ledger/index.ts';
import { Attention } from './attention.ts';
import { priorOfChain, reportStatistics } from './chain-report.ts';
import { exceptionEvent, type SayEvent, transferEvent } from './agent-events.ts';
import { BeliefKeeper } from './belief-keeper.ts';
import { CauseRanking } from './cause-ranking.ts';
import { ExceptionWriter } from './exception-writer.ts';
import { FeedWatch } from './feed-watch.ts';
import { GrantsKeeper } from './grants-keeper.ts';
import { heardAbout } from './heard-about.ts';
import { ImportGate } from './import-gate.ts';
import { Intake } from './intake.ts';
import { resolvedCases, storeHour, taskOutcomes } from './night-lessons.ts';
import { NightShift } from './night-shift.ts';
import { startNightThread } from './night-thread-client.ts';
import { OrderFollower } from './order-follower.ts';
import { PositionWriter } from './position-writer.ts';
import { ProductLookup } from './product-lookup.ts';
import { startRefill } from './refill.ts';
import { StockWatch } from './stock-watch.ts';
import type { TaskContext } from './task-context.ts';
import { TransferFollower } from './transfer-follower.ts';

export const BELIEF_SNAPSHOT = 'belief.snapshot';

export interface StoreCoreOptions {
  readonly config: AgentConfig;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly say: SayEvent;
  readonly onOpened: (exception: Exception) => void;
  /** How the feeds are; they are opened after the core. */
  readonly feeds: () => readonly FeedHealth[];
}

export interface StoreCore {
  readonly ledger: Ledger;
  readonly documents: StoreDocuments;
  readonly keeper: BeliefKeeper;
  readonly grants: GrantsKeeper;
  readonly intake: Intake;
  readonly stock: StockWatch;
  readonly feedWatch: FeedWatch;
  readonly transfers: TransferFollower;
  readonly imports: ImportGate;
  readonly products: ProductLookup;
  readonly models: ModelStore;
  readonly night: NightShift;
  readonly attention: Attention;
  close(): Promise<void>;
}

export async function openStoreCore(options: StoreCoreOptions): Promise<StoreCore> {
  const { config, clock, logger, say } = options;
  const { store, dataFolder } = config;
  const now = (): number => clock.now();
  const onError = (error: unknown): void => logger.error({ err: error }, 'a document could not be followed');

  const ledger = new Ledger({
    folder: dataFolder,
    store: store.id,
    now,
    ...(config.hub === undefined ? {} : { device: config.hub.device }),
  });
  const models = new ModelStore(dataFolder);
  const imports = new ImportGate(() => performance.now());
  const products = new ProductLookup();
  const keeper = new BeliefKeeper({
    ledger,
    snapshotPath: join(dataFolder, BELIEF_SNAPSHOT),
    version: options.version,
    parameters: models.parametersOf(models.inForce().version),
    onFolded: (entry) => {
      feedWatch.heard(entry);
      if (!('sku' in entry.observation)) return;
      stock.touch(entry.observation.sku);
      if (entry.observation.type !== 'pick') return;
      const { sku } = entry.observation;
      const name = keeper.belief.catalog(sku)?.name;
      const record = keeper.belief.position(sku)?.record ?? null;
      const product = { priceMinor: priceMinorOf(sku), record, ...(name === undefined ? {} : { name }) };
      stock.judge([pickFinding(entry.observation, product)]).catch(onError);
    },
    unlooked: () => stock.unlooked(),
  });
  const priceMinorOf = (sku: string): number =>
    moneyOf(keeper.belief.catalog(sku)?.price ?? 0, store.currency).minor;

  const documents = await openStoreDocuments({
    storage: getRxStorageNodeSqlite({ folder: dataFolder }),
    store: store.id,
  });
  const { collections } = documents;
  const hubKey = config.hub === undefined ? undefined : publicKeyFromPem(config.hub.publicKeyPem);
  const grants = new GrantsKeeper({
    collections,
    store: store.id,
    hubKey,
    starting: startingPolicy(store.currency),
    now,
  });
  const stopGrants = await grants.start(() => {
    for (const { id, problem } of grants.refused()) logger.warn({ id, problem }, 'not trusted');
  });
  const context = (): TaskContext => ({ store: store.id, nowMs: now(), bundle: grants.policy().bundle });

  const open = await collections.exceptions.find({ selector: { state: 'open' } }).exec();
  const book = new ExceptionBook(open.map((document) => document.toMutableJSON()));
  const writer = new ExceptionWriter({ collections, context });
  const writeChange = async (change: ExceptionChange): Promise<void> => {
    await writer.write(change);
    if (change.type === 'opened') options.onOpened(change.exception);
    if (change.type !== 'updated') say(exceptionEvent(change.exception, change.type === 'opened'));
  };
  const followed = collections.exceptions.$.subscribe(({ documentData }) => book.refresh(documentData));

  const feedWatch = new FeedWatch({
    feeds: options.feeds,
    policy: () => grants.policy(),
    now,
    priceMinorOf,
  });
  const positions = new PositionWriter(collections);
  const causes = new CauseRanking(models);
  const stock = new StockWatch({
    store: store.id,
    currency: store.currency,
    modelVersion: () => keeper.model,
    now,
    belief: () => keeper.belief,
    policy: () => grants.policy(),
    book,
    heard: (sku, limit) => heardAbout(ledger, sku, limit),
    causesOf: (signs) => causes.rank(signs),
    isHearing: () => feedWatch.isHearing(),
    writeChange,
    writePositions: (changed: readonly PositionDocument[]) => positions.write(changed),
  });
  const intake = new Intake({
    ledger,
    keeper,
    imports,
    now,
    say,
    onStored: ({ observation }) => {
      if (observation.type === 'catalog') products.learn(observation);
    },
  });

  const { unlooked, ...started } = await keeper.start();
  for (const sku of unlooked) stock.touch(sku);
  logger.info({ ...started, entries: ledger.entries }, 'belief is level with the ledger');
  for (const sku of keeper.belief.skus()) {
    const known = keeper.belief.catalog(sku);
    if (known !== undefined) products.learn(known);
  }
  for (const exception of book.open.values()) await writer.ensureTask(exception);

  const transfers = new TransferFollower({
    collections,
    context,
    observe: (feed, observations) => intake.observe(feed, observations),
    settleStock: (skus) => stock.settle(skus),
    onStage: (transfer, stage) => say(transferEvent(transfer, stage)),
  });
  const stopTransfers = await transfers.start(onError);
  const orders = new OrderFollower({
    collections,
    context,
    priceOf: (sku) => ({ minor: priceMinorOf(sku), currency: store.currency }),
    book,
    judge: (findings) => stock.judge(findings),
  });
  const stopOrders = await orders.start(onError);
  const stopRefill = await startRefill({
    positions: collections.positions,
    isKnown: (sku) => products.known({ code: sku }) === sku,
    knownCount: keeper.belief.skus().length,
    observe: (observations) => intake.observe('hub', observations),
    onError,
  });
  const hourOf = storeHour(store.timeZone);
  const attention = new Attention({ models, now, hourOf });
  const night = new NightShift({
    models,
    keeper,
    now,
    timeZone: store.timeZone,
    settings: config.learning,
    request: {
      folder: dataFolder,
      store: store.id,
      device: ledger.identity.device,
      version: options.version,
    },
    firstMs: () => firstInstant(ledger),
    lessons: async () => ({
      outcomes: await taskOutcomes(collections, hourOf),
      cases: await resolvedCases(collections),
    }),
    prior: () => priorOfChain(collections, hubKey),
    start: startNightThread,
    onAdopted: () => {
      for (const sku of keeper.belief.skus()) stock.touch(sku);
      logger.info({ model: keeper.model }, 'the belief is folded with other error rates');
    },
    onFinished: () => {
      attention.refresh();
      causes.refresh();
      return reportStatistics(collections, { models, store: store.id });
    },
    onProblem: (text) => logger.warn({ problem: text }, 'learning did not get to its end'),
  });

  return {
    ledger,
    documents,
    keeper,
    grants,
    intake,
    stock,
    feedWatch,
    transfers,
    imports,
    products,
    models,
    night,
    attention,
    close: async () => {
      await night.close();
      await stopRefill();
      for (const stop of [stopGrants, stopTransfers, stopOrders]) stop();
      followed.unsubscribe();
      await stock.finish();
      await documents.close();
      keeper.save();
      ledger.close();
      models.close();
    },
  };
}

function firstInstant(ledger: Ledger): number | undefined {
  const { value } = ledger.history().next();
  return value === undefined ? undefined : Date.parse(value.observation.t);
}
