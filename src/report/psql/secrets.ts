import type { SecretReference } from '../../model/secret-reference.ts';
import type { Plan } from '../../plan/types.ts';
import { literal } from '../../sql/quote.ts';
import { slots } from '../../sql/statement.ts';
import type { SecretSlot } from '../../sql/statement.ts';
import { canRun, fileMissing, isShellName, outputMissing, printFile, printOutput, printVariable, variableMissing } from './shell.ts';

/** A psql variable that holds one secret while the script runs. */
export interface SecretVariable {
  readonly name: string;
  readonly reference: SecretReference;
}

/** Whether both references give the same value for certain. */
function sameReference(a: SecretReference, b: SecretReference): boolean {
  if (a.source === 'env') return b.source === 'env' && a.name === b.name;
  if (a.source === 'file') return b.source === 'file' && a.path === b.path;
  if (a.source === 'command') return b.source === 'command' && JSON.stringify(a.argv) === JSON.stringify(b.argv);
  return b.source === 'literal' && a.value.equals(b.value);
}

/** A name that psql takes for a variable: letters, digits, underscores. */
function plainName(variable: string): string {
  return variable.replace(/[^A-Za-z0-9_]/g, '_').replace(/^$/, 'secret');
}

/**
 * The variables that a plan's secrets need, one per secret, and the name that each slot has in the script.
 * Two secrets that would share a name (objects whose names differ in punctuation only) get numbers.
 */
export function secretVariables(plan: Plan): { readonly variables: readonly SecretVariable[]; readonly nameOf: (slot: SecretSlot) => string } {
  const variables: SecretVariable[] = [];
  const names = new Map<SecretSlot, string>();
  for (const slot of plan.changes.flatMap((change) => change.statements.flatMap((statement) => slots(statement)))) {
    const base = plainName(slot.variable);
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}_${number}`;
      const taken = variables.find((variable) => variable.name === name);
      if (taken !== undefined && !sameReference(taken.reference, slot.reference)) continue;
      if (taken === undefined) variables.push({ name, reference: slot.reference });
      names.set(slot, name);
      break;
    }
  }
  return { variables, nameOf: (slot) => names.get(slot) ?? plainName(slot.variable) };
}

/** Where psql gets the secret from: shell commands that print it and that say whether it is missing, and words for it. */
function sourceOf({ name, reference }: SecretVariable): { readonly print: string; readonly missing: string; readonly words: string } {
  if (reference.source === 'file') {
    return { print: printFile(reference.path), missing: fileMissing(reference.path), words: `the file ${reference.path} cannot be read` };
  }
  if (reference.source === 'command' && canRun(reference.argv)) {
    const { argv } = reference;
    return { print: printOutput(argv), missing: outputMissing(argv), words: `the program ${argv[0] ?? ''} gave none` };
  }
  // A password that the spec spells out must not be repeated here: it is asked for by the variable's own name.
  const variable = reference.source === 'env' && isShellName(reference.name) ? reference.name : name.toUpperCase();
  return { print: printVariable(variable), missing: variableMissing(variable), words: `the environment variable ${variable} is not set` };
}

/** psql lines that set the variable unless `psql -v` did, and that stop the script where its source is missing. */
export function setVariable(variable: SecretVariable): string {
  const { print, missing, words } = sourceOf(variable);
  return [
    `\\if :{?${variable.name}}`,
    '\\else',
    `  \\set fdw_missing \`${missing}\``,
    '  \\if :fdw_missing',
    `    DO ${literal(`BEGIN RAISE EXCEPTION ${literal('%')}, ${literal(`no value for ${variable.name}: ${words}`)}; END`)};`,
    '  \\endif',
    `  \\set ${variable.name} \`${print}\``,
    '\\endif',
  ].join('\n');
}
