import type { Analysis } from './analysis.ts';
import { completeAttributeName, completeAttributeValue, completeDirective } from './complete-directive.ts';
import { completeHeaderName, completeSetting } from './complete-header.ts';
import { completeHtml } from './complete-html.ts';
import { completePath } from './complete-path.ts';
import { completeTemplate } from './complete-template.ts';
import { completeValue } from './complete-value.ts';
import { placeAt } from './place.ts';
import { NO_SURROUNDINGS, type Suggestion, type Surroundings } from './suggestion.ts';

/** What could stand at the offset. Nothing is read and nothing is waited for. */
export function complete(
  analysis: Analysis,
  offset: number,
  surroundings: Surroundings = NO_SURROUNDINGS,
): readonly Suggestion[] {
  const place = placeAt(analysis, offset);
  if (place.kind === 'comment' || place.kind === 'note') return [];
  if (!analysis.finished) {
    const template = completeTemplate(analysis, offset, place, surroundings);
    if (template) return template;
  }
  switch (place.kind) {
    case 'header-name':
      return completeHeaderName(analysis, place);
    case 'field-value':
      return completeValue(analysis, place.field, offset, surroundings);
    case 'setting-value':
      return completeSetting(analysis, place.setting, offset, surroundings);
    case 'directive-word':
      return completeDirective(analysis, place, offset);
    case 'attribute-name':
      return completeAttributeName(place);
    case 'attribute-value':
      return completeAttributeValue(analysis, place, surroundings);
    case 'path':
      return completePath(surroundings, place.value, place.node.type === 'inline' ? 'pictures' : 'files');
    case 'text':
      return completeHtml(analysis, offset, place.region, surroundings);
  }
}
