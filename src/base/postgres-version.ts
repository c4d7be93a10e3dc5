/** `18.4` from 180004; before PostgreSQL 10 the number was made differently, but those are not spoken to. */
export function postgresVersion(versionNum: number): string {
  return `${Math.floor(versionNum / 10_000)}.${versionNum % 10_000}`;
}
