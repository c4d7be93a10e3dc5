import { nearest } from '../base/nearest.ts';
import type { Problem } from '../base/spec-error.ts';
import type { AvailableExtension } from '../model/available-extension.ts';
import type { Extension } from '../model/objects.ts';
import type { Spec, SpecExtension } from '../spec/types.ts';
import { either, shown } from '../spec/words.ts';

/** The extensions of a spec that have to be created or brought to another version. */
export function extensionsToChange(spec: Spec, installed: readonly Extension[]): readonly SpecExtension[] {
  const present = new Map(installed.map((extension) => [extension.name, extension]));
  return spec.extensions.filter(({ name, version }) => {
    const there = present.get(name.value);
    return there === undefined || (version !== undefined && version.value !== there.version);
  });
}

/** What the server has to do with the extensions of a spec. */
export interface ExtensionSituation {
  readonly installed: readonly Extension[];
  /** Those that have to change. */
  readonly available: readonly AvailableExtension[];
  /** All that the server has the files of, where one of the spec's is missing. */
  readonly names: readonly string[];
}

/** What PostgreSQL will not do with the extensions of a spec, found before anything runs. */
export function extensionProblems(spec: Spec, { installed, available, names }: ExtensionSituation): readonly Problem[] {
  const present = new Map(installed.map((extension) => [extension.name, extension]));
  const offered = new Map(available.map((extension) => [extension.name, extension]));
  const wanted = new Set([...present.keys(), ...spec.extensions.map(({ name }) => name.value)]);
  const changing = new Set(extensionsToChange(spec, installed));
  return spec.extensions.flatMap((extension) => {
    const there = present.get(extension.name.value);
    const moved = there === undefined ? [] : moveProblems(extension, there);
    if (!changing.has(extension)) return moved;
    const files = offered.get(extension.name.value);
    if (files === undefined) return [...moved, unavailable(extension, names)];
    return [...moved, ...(there === undefined ? creationProblems(extension, files, wanted) : updateProblems(extension, there, files))];
  });
}

function moveProblems({ name, schema }: SpecExtension, there: Extension): readonly Problem[] {
  if (schema === undefined || schema.value === there.schema || there.relocatable === true) return [];
  const message = `the extension ${shown(name.value)} cannot be moved from the schema ${shown(there.schema ?? '')} to ${shown(schema.value)}: it is not relocatable`;
  return [{ message, at: schema.at, hint: `write ${shown(there.schema ?? '')}; to move it all the same, drop it by hand, and fdw creates it in its new schema` }];
}

function unavailable({ name }: SpecExtension, names: readonly string[]): Problem {
  const near = nearest(name.value, names);
  const hint = near === undefined ? "install its package on the server's machine; pg_available_extensions lists what is there" : `did you mean ${shown(near)}?`;
  return { message: `the server has no extension ${shown(name.value)}`, at: name.at, hint };
}

function creationProblems({ name, version }: SpecExtension, { versions, requires }: AvailableExtension, wanted: ReadonlySet<string>): readonly Problem[] {
  const missing = requires.filter((other) => !wanted.has(other));
  return [
    ...missing.map((other) => ({ message: `the extension ${shown(name.value)} needs the extension ${shown(other)}`, at: name.at, hint: `add ${shown(other)} to \`extensions\`` })),
    ...(version === undefined || versions.includes(version.value)
      ? []
      : [{ message: `the server has no version ${shown(version.value)} of the extension ${shown(name.value)}`, at: version.at, hint: `it has ${either(versions)}` }]),
  ];
}

/** There is a way from one version to another where its files have a script for each step. */
function updateProblems({ name, version }: SpecExtension, there: Extension, { updates }: AvailableExtension): readonly Problem[] {
  const from = there.version ?? '';
  if (version === undefined || updates.some((update) => update.from === from && update.to === version.value)) return [];
  const targets = updates.filter((update) => update.from === from).map(({ to }) => to);
  const back = updates.some((update) => update.from === version.value && update.to === from);
  const why = back ? 'that would be a downgrade, and it has no script for one' : 'it has no update script for that';
  const hint = `write ${either([from, ...targets])}${back ? '; to go back all the same, drop it by hand, and fdw creates it in that version' : ''}`;
  return [{ message: `the extension ${shown(name.value)} cannot be updated from version ${shown(from)} to ${shown(version.value)}: ${why}`, at: version.at, hint }];
}

/** Each after those that it requires, however the spec lists them; else in the spec's order. */
export function inRequiredOrder(extensions: readonly Extension[], available: readonly AvailableExtension[]): readonly Extension[] {
  const byName = new Map(extensions.map((extension) => [extension.name, extension]));
  const requires = new Map(available.map((extension) => [extension.name, extension.requires]));
  const ordered = new Set<Extension>();
  const visiting = new Set<string>();
  const visit = (extension: Extension): void => {
    if (visiting.has(extension.name)) return;
    visiting.add(extension.name);
    for (const name of requires.get(extension.name) ?? []) {
      const other = byName.get(name);
      if (other !== undefined) visit(other);
    }
    ordered.add(extension);
  };
  extensions.forEach(visit);
  return [...ordered];
}
