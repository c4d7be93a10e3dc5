import { Plugin } from '@oclif/core/config';

/**
 * What oclif would otherwise find out by loading every command: names, flags, help. As `oclif manifest` makes
 * it, from the built commands in `dist`.
 * @param root the package's folder
 */
export async function manifestText(root: string): Promise<string> {
  const plugin = new Plugin({
    root,
    isRoot: true,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  const commands = Object.fromEntries(Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...plugin.manifest, commands }, null, 2)}\n`;
}
