import { release } from 'node:os';

/** Stands in the bundle for wsl-utils: oclif asks it whether this Linux is a Windows's, for `fdw --version`. */
export const isWsl = process.platform === 'linux' && release().toLowerCase().includes('microsoft');

/** Asked for on Windows' shells only, to name the shell. */
export const powerShellPath = (): string => 'powershell.exe';
