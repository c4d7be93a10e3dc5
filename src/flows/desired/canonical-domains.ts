import type { SourceSpan } from '../../base/source.ts';
import { type Problem, SpecError } from '../../base/spec-error.ts';
import { UserError } from '../../base/user-error.ts';
import { withCatalogPath } from '../../catalog/catalog-path.ts';
import { readDomains } from '../../catalog/types/domains.ts';
import { createType } from '../../ddl/types.ts';
import { compareNames } from '../../model/option.ts';
import type { DomainType, UserType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { render } from '../../sql/statement.ts';

/** A type whose expressions are in the remote's words. */
export interface DraftType {
  readonly type: UserType;
  readonly at: SourceSpan;
  /** What the message of a failure calls it: `type public.sku of column orders.sku`. */
  readonly what: string;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Puts the expressions of domains into PostgreSQL's own words: each domain that has any is created in `pg_temp` and read
 * back by the reader that reads the real ones.
 *
 * @param session in a transaction that will be rolled back, with the types in place that the domains are made of
 * @returns the types, in order
 * @throws SpecError where a default or check means nothing here
 */
export async function canonicalDomains(session: Session, drafts: readonly DraftType[]): Promise<readonly UserType[]> {
  const asking = drafts.flatMap(({ type, ...rest }) => (type.kind === 'domain' && hasExpressions(type) ? [{ ...rest, type }] : []));
  if (asking.length === 0) return drafts.map(({ type }) => type);
  const problems: Problem[] = [];
  await session.query('SAVEPOINT fdw_domains');
  for (const [index, draft] of asking.entries()) problems.push(...(await tryCreate(session, draft, temporaryName(index))));
  const answers = await readBack(session);
  await session.query('ROLLBACK TO SAVEPOINT fdw_domains');
  for (const [index, { type, at, what }] of asking.entries()) {
    const answer = answers.get(temporaryName(index));
    if (answer !== undefined && !isAsAsked(type, answer)) problems.push({ message: `a default or a check of ${what} is not one expression`, at });
  }
  if (problems.length > 0) throw new SpecError(problems);
  const canonical = new Map<UserType, UserType>(
    asking.flatMap(({ type }, index) => {
      const answer = answers.get(temporaryName(index));
      return answer === undefined ? [] : [[type, { ...type, default: answer.default, checks: type.checks === undefined ? undefined : answer.checks }]];
    }),
  );
  return drafts.map(({ type }) => canonical.get(type) ?? type);
}

/** An expression that closes its own parenthesis could be more than one. */
function isAsAsked({ base, notNull, checks = [] }: DomainType, answer: DomainType): boolean {
  const names = (all: DomainType['checks'] = []): string => all.map(({ name }) => name).sort(compareNames).join('\0');
  return answer.base === base && answer.notNull === notNull && names(answer.checks) === names(checks);
}

function hasExpressions({ default: fallback, checks }: DomainType): boolean {
  return fallback !== undefined || (checks !== undefined && checks.length > 0);
}

function temporaryName(index: number): string {
  return `fdw_domain_${index}`;
}

/*
 * By the extended protocol, so that the server refuses an expression that carries a second statement. A default has the
 * names that whoever set it saw unqualified, most likely those beside the domain.
 */
async function tryCreate(session: Session, { type, at, what, hint }: DraftType & { readonly type: DomainType }, name: string): Promise<readonly Problem[]> {
  const [create] = createType({ ...type, schema: 'pg_temp', name });
  if (create === undefined) return [];
  await session.query(`SAVEPOINT fdw_domain; SET LOCAL search_path = ${ident(type.schema)}, pg_catalog`);
  try {
    await session.queryOne(render(create, () => ''));
    await session.query('RELEASE SAVEPOINT fdw_domain');
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT fdw_domain');
    const texts = [type.default, ...(type.checks ?? []).map(({ expression }) => expression)].filter((text) => text !== undefined);
    return [{ message: `${what} cannot be made here: ${error.message} (in ${texts.join(', ')})`, at, hint }];
  }
}

async function readBack(session: Session): Promise<ReadonlyMap<string, DomainType>> {
  const [schema] = await session.query<{ name: string }>('SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()');
  if (schema === undefined) return new Map();
  const domains = await withCatalogPath(session, async () => readDomains(session, schema.name));
  return new Map(domains.map((domain) => [domain.name, domain]));
}
