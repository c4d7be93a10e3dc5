/** oclif can spin in ninety ways; the progress of fdw is its own (src/commands/base/progress.ts). */
const still = { interval: 80, frames: [''] };

export default { dots2: still, line: still };
