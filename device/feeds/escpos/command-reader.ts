/**
 * Splits a printer byte stream into text bytes and commands.
 *
 * States: text -> prefix seen -> arguments (kept, up to a bound) -> picture data (passed over) -> text.
 * A byte after a prefix that starts no known command, and a control byte of no command, are garbage: counted,
 * and reading goes on right behind them. Holds at most `MAX_ARGUMENTS` bytes.
 */
import type { Command, CommandTable } from './command-table.ts';

/** Fonts defined by ESC & and FS q are the largest arguments that have to be kept; noise stops here. */
const MAX_ARGUMENTS = 65_536;
const FIRST_TEXT_BYTE = 0x20;
const DELETE = 0x7f;

export interface Handler {
  text(byte: number): void;
  command(command: Command, args: readonly number[]): void;
  /** @param what the offending bytes, for the count */
  garbage(what: 'control-byte' | 'unknown-command' | 'broken-command', bytes: number): void;
}

type State =
  | { readonly in: 'text' }
  | { readonly in: 'prefix'; readonly opcodes: ReadonlyMap<number, Command> }
  | { readonly in: 'arguments'; readonly command: Command; readonly wanted: number }
  | { readonly in: 'until'; readonly command: Command; readonly byte: number }
  | { readonly in: 'body'; readonly command: Command; readonly left: number };

const TEXT: State = { in: 'text' };

export class CommandReader {
  readonly #table: CommandTable;
  readonly #handler: Handler;
  #state: State = TEXT;
  #args: number[] = [];

  constructor(table: CommandTable, handler: Handler) {
    this.#table = table;
    this.#handler = handler;
  }

  /** True while a command is half read. */
  get isInside(): boolean {
    return this.#state.in !== 'text';
  }

  /** Gives up the command that is half read: the line went quiet or was cut. */
  abandon(): void {
    if (!this.isInside) return;
    this.#handler.garbage('broken-command', this.#args.length + 2);
    this.#reset();
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      const state = this.#state;
      if (state.in === 'body') {
        const passed = Math.min(state.left, bytes.length - at);
        at += passed - 1;
        if (passed === state.left) this.#complete(state.command);
        else this.#state = { ...state, left: state.left - passed };
      } else this.#byte(state, bytes[at] as number);
    }
  }

  #byte(state: Exclude<State, { in: 'body' }>, byte: number): void {
    switch (state.in) {
      case 'text':
        this.#inText(byte);
        return;
      case 'prefix': {
        const command = state.opcodes.get(byte);
        if (command) this.#advance(command);
        else {
          this.#handler.garbage('unknown-command', 2);
          this.#reset();
        }
        return;
      }
      case 'arguments':
        this.#args.push(byte);
        if (state.wanted === 1) this.#advance(state.command);
        else this.#state = { ...state, wanted: state.wanted - 1 };
        return;
      case 'until':
        if (byte === state.byte) this.#complete(state.command);
        else if (this.#args.length >= MAX_ARGUMENTS) this.abandon();
        else this.#args.push(byte);
        return;
      default:
        state satisfies never;
    }
  }

  #inText(byte: number): void {
    const opcodes = this.#table.prefixes.get(byte);
    if (opcodes) this.#state = { in: 'prefix', opcodes };
    else if (byte >= FIRST_TEXT_BYTE && byte !== DELETE) this.#handler.text(byte);
    else {
      const single = this.#table.single.get(byte);
      if (single) this.#handler.command(single, []);
      else this.#handler.garbage('control-byte', 1);
    }
  }

  #advance(command: Command): void {
    const step = command.shape(this.#args);
    switch (step.step) {
      case 'done':
        this.#complete(command);
        return;
      case 'keep':
        if (this.#args.length + step.bytes > MAX_ARGUMENTS) this.#breakOff();
        else this.#state = { in: 'arguments', command, wanted: step.bytes };
        return;
      case 'skip':
        this.#state = { in: 'body', command, left: step.bytes };
        return;
      case 'until':
        this.#state = { in: 'until', command, byte: step.byte };
        return;
      case 'broken':
        this.#breakOff();
        return;
      default:
        step satisfies never;
    }
  }

  #breakOff(): void {
    this.#handler.garbage('broken-command', this.#args.length + 2);
    this.#reset();
  }

  #complete(command: Command): void {
    const args = this.#args;
    this.#reset();
    this.#handler.command(command, args);
  }

  #reset(): void {
    this.#state = TEXT;
    this.#args = [];
  }
}
