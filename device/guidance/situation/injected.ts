/**
 * Text that speaks to a machine instead of to staff: found in product names, orders or edited procedures it is left
 * out. Nothing depends on catching all of it: such text reaches no model as an instruction and can cause no act;
 * leaving it out only keeps it off the screen.
 */
const signs = [
  /\b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instruction|rule|prompt|polic|procedure|previous|above|grammar|safety)/i,
  /\b(system|assistant|developer|admin)\s*(prompt|message|mode|override|:)/i,
  /\byou are (now|no longer)\b|\bact as (a|an|the)\b|\bpretend (to be|you)\b|\bjailbreak\b/i,
  /\b(print|reveal|show|tell|say|output|repeat|send|give)\b.{0,40}\b(pins?|passwords?|prompt|secret|token|credentials|salary|customer data|api key)\b/i,
  /\b(approve|authori[sz]e|accept) (all|every|any|this)\b.{0,40}\b(transfer|order|request|adjustment|proposal|claim)/i,
  /\b(delete|erase|wipe|drop)\b.{0,30}\b(audit|log|database|table|history|records?)\b/i,
  /\b(set|change|adjust)\b.{0,30}\b(record|stock|price)s?\b.{0,20}\bto\b\s*\d/i,
  /<\|?\/?\w+\|?>|\[\/?INST\]|```|\{\{|\bBEGIN (SYSTEM|PROMPT)/i,
];

export const looksInjected = (text: string): boolean => signs.some((sign) => sign.test(text));
