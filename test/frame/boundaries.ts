/** Runs dependency-cruiser with the tree's one-way rules and reports violations and how much it looked at. */
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { createRequire } from 'node:module';

export interface BoundaryReport {
  readonly modules: number;
  /** One line each: rule, from, to. */
  readonly violations: readonly string[];
}

const require = createRequire(import.meta.url);

interface Statement {
  readonly type: string;
  readonly decls?: unknown;
}
interface SwcVisitor {
  visitStatement: (this: SwcVisitor, statement: Statement) => Statement;
}

/** swc's visitor, which dependency-cruiser walks with, throws on `using`; to it that is one more `const`. */
function teachVisitorUsing(): void {
  const { Visitor } = require('@swc/core/Visitor.js') as { Visitor: { prototype: SwcVisitor } };
  const { visitStatement } = Visitor.prototype;
  Visitor.prototype.visitStatement = function (this: SwcVisitor, statement) {
    const known =
      statement.type === 'UsingDeclaration'
        ? { ...statement, type: 'VariableDeclaration', declarations: statement.decls }
        : statement;
    return visitStatement.call(this, known);
  };
}
teachVisitorUsing();

/** @param baseDir the folder that holds protocol, device, hub, apps */
export async function checkBoundaries(baseDir: string): Promise<BoundaryReport> {
  const { forbidden, options } = require('../../dependency-cruiser.config.cjs') as {
    forbidden: NonNullable<Parameters<typeof cruise>[1]>['ruleSet'] extends infer R
      ? R extends { forbidden?: infer F }
        ? F
        : never
      : never;
    options: NonNullable<Parameters<typeof cruise>[1]>;
  };
  const { output } = await cruise(['protocol', 'device', 'hub', 'apps'], {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: forbidden ?? [] },
  });
  const result = output as ICruiseResult;
  return {
    modules: result.summary.totalCruised,
    violations: result.summary.violations
      .filter(({ rule }) => rule.severity === 'error')
      .map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}
