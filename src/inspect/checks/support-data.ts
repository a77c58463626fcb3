/** What the caniemail data says, in the shape in which its file has it (https://www.caniemail.com/api/data.json). */
export interface SupportData {
  readonly last_update_date: string;
  readonly nicenames: {
    readonly family: Readonly<Record<string, string>>;
    readonly platform: Readonly<Record<string, string>>;
  };
  readonly data: readonly SupportFeature[];
}

export interface SupportFeature {
  readonly slug: string;
  readonly title: string;
  readonly url: string;
  /** family -> platform -> version -> `y`, `n`, `a` (partial) or `u` (unknown), with notes as in `a #1 #2`. */
  readonly stats: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  readonly notes_by_num: Readonly<Record<string, string>> | null;
}

/** A client as settings name it, with what a person reads. */
export interface MailClient {
  readonly id: string;
  readonly name: string;
}

export interface Support {
  readonly support: 'full' | 'partial' | 'none' | 'unknown';
  readonly notes: readonly string[];
}

let loaded: Promise<SupportData> | undefined;

/** The data, from the package that carries it; read once. */
export function loadSupportData(): Promise<SupportData> {
  loaded ??= import('caniemail/caniemail.json', { with: { type: 'json' } }).then(
    (module) => module.default as unknown as SupportData,
  );
  return loaded;
}

/** The day of the data, `2026-05-13`. */
export function dataDate(data: SupportData): string {
  return data.last_update_date.slice(0, 10);
}

/** Every client the data knows, in its order. */
export function clientsOf(data: SupportData): MailClient[] {
  const seen = new Map<string, MailClient>();
  for (const feature of data.data) {
    for (const [family, platforms] of Object.entries(feature.stats)) {
      for (const platform of Object.keys(platforms)) {
        const id = `${family}.${platform}`;
        if (seen.has(id)) continue;
        const familyName = data.nicenames.family[family] ?? family;
        const platformName = data.nicenames.platform[platform] ?? platform;
        seen.set(id, { id, name: platform === 'outlook-com' ? platformName : `${familyName} (${platformName})` });
      }
    }
  }
  return [...seen.values()];
}

/**
 * The clients that the patterns of a setting choose: `gmail.*`, `*.ios`, `outlook.windows`, `*`. A pattern that chooses none
 * is in `unknown`.
 */
export function chooseClients(
  data: SupportData,
  patterns: readonly string[],
): { clients: readonly MailClient[]; unknown: readonly string[] } {
  const all = clientsOf(data);
  const chosen = new Set<MailClient>();
  const unknown: string[] = [];
  for (const pattern of patterns) {
    const expression = new RegExp(
      `^${pattern
        .trim()
        .toLowerCase()
        .split('*')
        .map((text) => text.replace(/[^a-z0-9-]/g, '\\$&'))
        .join('.*')}$`,
    );
    const matches = all.filter((client) => expression.test(client.id));
    if (matches.length === 0) unknown.push(pattern);
    for (const client of matches) chosen.add(client);
  }
  return { clients: all.filter((client) => chosen.has(client)), unknown };
}

/** What the newest version of a client makes of a feature. */
export function supportOf(feature: SupportFeature, client: string): Support {
  const dot = client.indexOf('.');
  const versions = feature.stats[client.slice(0, dot)]?.[client.slice(dot + 1)];
  // The file lists versions from old to new; integer-like keys come first in an object, and are the older ones.
  const entry = versions && newest(versions);
  if (!entry) return { support: 'unknown', notes: [] };
  const support = entry.startsWith('y')
    ? 'full'
    : entry.startsWith('a')
      ? 'partial'
      : entry.startsWith('n')
        ? 'none'
        : 'unknown';
  const notes = [...entry.matchAll(/#(\d+)/g)].flatMap((match) => feature.notes_by_num?.[match[1]!] ?? []);
  return { support, notes };
}

function newest(versions: Readonly<Record<string, string>>): string | undefined {
  const sorted = Object.keys(versions).sort((a, b) => compareVersions(a, b));
  const last = sorted.at(-1);
  return last === undefined ? undefined : versions[last];
}

/** Orders `2019-08` and `16.80` by their numbers. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < Math.max(left!.length, right!.length); index++) {
    const difference = (left![index] ?? 0) - (right![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
