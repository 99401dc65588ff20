/** One XML element as a small tree: local names, bounded in depth and size. Strict: a mistake is a refusal. */
import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Building {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Building[];
  text: string;
}

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 50_000;
const MAX_TEXT = 4096;

export type XmlParse =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly reason: string };

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Stops the parser at the first mistake; it never leaves `parseXml`. */
class Refusal extends Error {
  readonly code = 'XML_REFUSED';
}

export function parseXml(xml: string): XmlParse {
  const stack: Building[] = [];
  let root: Building | undefined;
  let elements = 0;
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    throw new Refusal(error.message);
  });
  parser.on('doctype', () => {
    throw new Refusal('document type declaration');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (++elements > MAX_ELEMENTS || stack.length >= MAX_DEPTH) throw new Refusal('too large or too deep');
    const local = Object.entries(attributes).map(([key, value]) => [localName(key), String(value)]);
    const element: Building = {
      name: localName(name),
      attributes: Object.fromEntries(local) as Record<string, string>,
      children: [],
      text: '',
    };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  const addText = (text: string): void => {
    const open = stack.at(-1);
    if (open && open.text.length < MAX_TEXT) open.text += text.slice(0, MAX_TEXT);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void stack.pop());
  try {
    parser.write(xml).close();
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: `XML: ${error.message}` };
    throw error;
  }
  return root ? { ok: true, root } : { ok: false, reason: 'XML: no element' };
}

export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

/** Trimmed text of a child; undefined when there is no such child or it is empty. */
export const textOf = (element: XmlElement | undefined, name: string): string | undefined =>
  childOf(element, name)?.text.trim() || undefined;

export const isFlagged = (element: XmlElement | undefined, name: string): boolean =>
  /^(?:true|1)$/i.test(element?.attributes[name] ?? '');
