import { type ConversionName, type Converted, conversions } from '../mime/convert.ts';
import { type RenderElsewhere, type RenderJob, renderJob } from '../template/render-job.ts';

/** What libraries do for a composition in one piece, from plain data to plain data, so that it can be done in another thread. */
export const composeJobs = {
  convert: ({ name, text }: { readonly name: ConversionName; readonly text: string }): Promise<Converted> =>
    conversions[name](text),
  render: (job: RenderJob) => renderJob(job),
} as const;

/** Where a composition has done what would keep everybody else waiting. Both reject where the signal fires, and only there. */
export interface Elsewhere {
  convert(name: ConversionName, text: string, signal: AbortSignal): Promise<Converted>;
  render(job: RenderJob, signal: AbortSignal): ReturnType<RenderElsewhere>;
}
