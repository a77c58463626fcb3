/**
 * Runs a program for as long as its standard input stays open: `node guard.mjs FOLDER PROGRAM ARGUMENTS…`. Whoever
 * started it holds the other end, so that it closes however that process goes, killed outright included. Then all that
 * the program started is ended, and the folder removed. It has to be started as the leader of a process group.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder = '', program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(/** @type {NodeJS.Signals} */ signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // Nothing is left of it.
  }
}

// It is a member of the group to which it sends this.
process.on('SIGTERM', () => {});
process.on('SIGINT', () => {});

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(finish, 3000);
}

function finish() {
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  // Takes this process along, too: the last of the group.
  signalGroup('SIGKILL');
}

process.stdin.on('data', () => {});
process.stdin.once('end', end);
process.stdin.once('error', end);
child.once('error', (error) => {
  console.error(error.message);
  finish();
});
child.once('close', finish);
