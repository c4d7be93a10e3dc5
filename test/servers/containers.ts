import { GenericContainer, Network, type StartedTestContainer } from 'testcontainers';
import { uniqueName } from './database.ts';
import { sharedPart, testSettings, type PrivateCluster, type PrivateClusterOptions, type Run } from './types.ts';

const password = 'container';

/** Starts the run's clusters as containers in a network of their own, so that they reach each other by name. */
export async function startContainers(majors: readonly number[]): Promise<{ readonly run: Omit<Run, 'majors'>; readonly stop: () => Promise<void> }> {
  const network = await new Network().start();
  const clusters = await Promise.all(majors.map((major) => startContainerCluster({ major }, network.getName())));
  return {
    run: { kind: 'containers', network: network.getName(), clusters: clusters.map(sharedPart) },
    stop: async () => {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
      await network.stop();
    },
  };
}

/** The image of a major: FDW_TEST_IMAGE, where `{major}` stands for it, or the official one. */
function imageOf(major: number): string {
  return (process.env['FDW_TEST_IMAGE'] ?? 'postgres:{major}').replaceAll('{major}', String(major));
}

/** Starts one cluster from an image that behaves like the official one. */
export async function startContainerCluster(options: PrivateClusterOptions & { readonly major: number }, network: string): Promise<PrivateCluster> {
  const name = uniqueName(`pg${options.major}`).replace('_', '-');
  const files = filesOf(options);
  const settings = { ...testSettings, ...settingsOf(options), ...options.settings };
  const server = ['postgres', ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${String(value)}`])];
  const container = await new GenericContainer(imageOf(options.major))
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withExposedPorts(5432)
    .withNetworkMode(network)
    .withNetworkAliases(name)
    .withCopyContentToContainer(files.map(({ name: file, text }) => ({ content: text, target: `/etc/fdw-test/${file}`, mode: 0o644 })))
    // The server wants its key to be its own; the image's entry point runs as root and hands on.
    .withEntrypoint(['sh', '-c', 'if [ -d /etc/fdw-test ]; then chown -R postgres /etc/fdw-test; chmod 600 /etc/fdw-test/*; fi; exec docker-entrypoint.sh "$@"', 'sh'])
    .withCommand(server)
    .start();
  return privateCluster(options.major, container, name);
}

function filesOf({ tls, hba }: PrivateClusterOptions): readonly { readonly name: string; readonly text: string }[] {
  return [
    ...(tls === undefined ? [] : [{ name: 'server.crt', text: tls.cert }, { name: 'server.key', text: tls.key }]),
    ...(tls?.ca === undefined ? [] : [{ name: 'ca.crt', text: tls.ca }]),
    ...(hba === undefined ? [] : [{ name: 'pg_hba.conf', text: hba }]),
  ];
}

function settingsOf({ tls, hba }: PrivateClusterOptions): Record<string, string | boolean> {
  return {
    ...(tls === undefined ? {} : { ssl: true, ssl_cert_file: '/etc/fdw-test/server.crt', ssl_key_file: '/etc/fdw-test/server.key' }),
    ...(tls?.ca === undefined ? {} : { ssl_ca_file: '/etc/fdw-test/ca.crt' }),
    ...(hba === undefined ? {} : { hba_file: '/etc/fdw-test/pg_hba.conf' }),
  };
}

function privateCluster(major: number, container: StartedTestContainer, name: string): PrivateCluster {
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  return {
    major,
    host: container.getHost(),
    port: container.getMappedPort(5432),
    internalHost: name,
    internalPort: 5432,
    user: 'postgres',
    password,
    socket: undefined,
    log: { container: container.getId() },
    restart: () => container.restart(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
