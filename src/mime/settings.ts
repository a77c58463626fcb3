import type { Fix } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { Draft, DraftSetting } from '../document/draft.ts';
import { isBoundary } from './boundary.ts';
import type { MimeProblem } from './problems.ts';

/** The settings that say how to build, checked. */
export interface BuildSettings {
  /** How much of an octet's range the message may use. */
  readonly encoding: '7bit' | '8bit' | 'binary';
  readonly flowed: boolean;
  /** Whether relative pictures in HTML go along (`@inline-images`). */
  readonly inlineImages: boolean;
  /** `@text: auto`, where it is asked for. */
  readonly textAuto?: DraftSetting;
  readonly cssInline: boolean;
  readonly dkim?: { readonly selector: string; readonly domain: string; readonly setting: DraftSetting };
  readonly boundary?: { readonly value: string; readonly setting: DraftSetting };
  readonly messageId?: DraftSetting;
  readonly date?: DraftSetting;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export function buildSettings(draft: Pick<Draft, 'settings'>, problems: MimeProblem[]): BuildSettings {
  const settings: Mutable<BuildSettings> = {
    encoding: '7bit',
    flowed: false,
    inlineImages: true,
    cssInline: false,
  };
  const oneOf = <Word extends string>(setting: DraftSetting, words: readonly Word[], missing: Word): Word => {
    const text = setting.value.text.trim().toLowerCase();
    const found = words.find((word) => word === text);
    if (found === undefined) problems.push({ ...invalid(setting, words), fixes: wordFixes(setting, words) });
    return found ?? missing;
  };
  for (const setting of draft.settings) {
    const text = setting.value.text.trim();
    switch (setting.name) {
      case 'encoding':
        settings.encoding = oneOf(setting, ['7bit', '8bit', 'binary'], '7bit');
        break;
      case 'flowed':
        settings.flowed = oneOf(setting, ['on', 'off'], 'off') === 'on';
        break;
      case 'inline-images':
        settings.inlineImages = oneOf(setting, ['on', 'off'], 'on') === 'on';
        break;
      case 'text':
        if (oneOf(setting, ['auto', 'off'], 'off') === 'auto') settings.textAuto = setting;
        break;
      case 'css':
        settings.cssInline = oneOf(setting, ['inline', 'off'], 'off') === 'inline';
        break;
      case 'dkim': {
        const at = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)@([^\s@;"]+)$/.exec(text);
        if (at) settings.dkim = { selector: at[1]!, domain: at[2]!, setting };
        else problems.push(invalid(setting, ['selector@domain']));
        break;
      }
      case 'boundary':
        if (isBoundary(text)) settings.boundary = { value: text, setting };
        else problems.push(invalid(setting, ["1 to 70 of A-Z a-z 0-9 ' ( ) + _ , - . / : = ?"]));
        break;
      case 'message-id':
        settings.messageId = setting;
        break;
      case 'date':
        settings.date = setting;
        break;
    }
  }
  return settings;
}

/** The word that was meant, or each that may stand there; none where a template makes it, or where nothing stands yet. */
function wordFixes({ value }: DraftSetting, words: readonly string[]): readonly Fix[] {
  if (value.rendered || value.text === '') return [];
  const suggestion = suggestionFor(value.text, words);
  return (suggestion === undefined ? words : [suggestion]).map((text) => ({
    title: `Change to ${text}`,
    edits: [{ range: value.range, text }],
    ...(text === suggestion && { preferred: true }),
  }));
}

function invalid(setting: DraftSetting, expected: readonly string[]): MimeProblem {
  return {
    code: 'setting-value-invalid',
    severity: 'error',
    range: setting.value.range,
    name: setting.name,
    value: setting.value.text,
    expected,
  };
}
