import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compareNames } from '../../src/model/option.ts';
import { load } from './load.ts';

/** A text that YAML and PostgreSQL can hold, and that refers to nothing. */
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !value.includes('${') && !/[\u007F\uFFFE\uFFFF\p{Surrogate}]/u.test(value));
const name = text.filter((value) => value !== '' && value !== '<<' && Buffer.byteLength(value) <= 63);
const optionName = name.filter((value) => !/pass|secret|token|key|cred|pwd/i.test(value) && value !== 'extensions');

function record<Value>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<Value>, maxKeys = 4): fc.Arbitrary<ReadonlyMap<string, Value>> {
  return fc.uniqueArray(fc.tuple(keys, values), { maxLength: maxKeys, selector: ([key]) => key }).map((entries) => new Map(entries));
}

const options = record(optionName, text);
const server = fc.record({ wrapper: name, type: fc.option(name, { nil: undefined }), options });
const column = fc.record({
  type: fc.constantFrom('bigint', 'timestamp(3) with time zone', '"my type"', 'text[]', 'numeric(12,2)'),
  notNull: fc.boolean(),
  default: fc.option(name, { nil: undefined }),
  options,
  short: fc.boolean(),
});

const model = fc.record({ servers: record(name, server), tables: record(name, fc.record({ options, columns: record(name, column).filter((all) => all.size > 0) })) });

const quoted = (part: string): string => `"${part.replaceAll('"', '""')}"`;

it('a spec that was written as YAML is read as it was meant', async () => {
  await fc.assert(
    fc.asyncProperty(model, fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const), fc.boolean(), async ({ servers, tables }, defaultStringType, flow) => {
      const [on] = servers.keys();
      const given = {
        version: 1,
        servers: new Map([...servers].map(([key, value]) => [key, value])),
        tables: on === undefined ? new Map() : new Map([...tables].map(([key, table]) => [`shop.${quoted(key)}`, {
          server: on,
          options: table.options,
          columns: new Map([...table.columns].map(([columnName, value]) => [
            columnName,
            value.short
              ? value.notNull ? `${value.type} not null` : value.type
              : { type: value.type, not_null: value.notNull, default: value.default, options: value.options },
          ])),
        }])),
      };
      const yaml = stringify(given, { defaultStringType, defaultKeyType: 'QUOTE_DOUBLE', collectionStyle: flow ? 'flow' : 'any' }).replace('"version": 1', 'version: 1');
      const { spec } = await load(yaml);

      const listed = (all: ReadonlyMap<string, string>): unknown => [...all].sort(([a], [b]) => compareNames(a, b)).map(([key, value]) => ({ name: key, value: { kind: 'text', text: value } }));
      expect(spec.servers.map((each) => ({ name: each.name.value, wrapper: each.wrapper, type: each.type, options: each.options }))).toEqual(
        [...servers].map(([key, value]) => ({ name: key, wrapper: value.wrapper, type: value.type, options: listed(value.options) })),
      );
      expect(spec.tables.map((each) => ({
        name: each.name.value,
        options: each.options,
        columns: each.columns.map((one) => ({ name: one.name.value, type: one.type.value, notNull: one.notNull, default: one.default?.value, options: one.options })),
      }))).toEqual(
        on === undefined ? [] : [...tables].map(([key, table]) => ({
          name: { schema: 'shop', name: key },
          options: listed(table.options),
          columns: [...table.columns].map(([columnName, value]) => ({
            name: columnName, type: value.type, notNull: value.notNull,
            default: value.short ? undefined : value.default,
            options: value.short ? [] : listed(value.options),
          })),
        })),
      );
    }),
    { seed: 20261123, numRuns: 150 },
  );
});
