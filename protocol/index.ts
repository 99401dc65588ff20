export * from './ids.ts';
export * from './observation.ts';
export * from './schema.ts';
