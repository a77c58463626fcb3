import type {
  AccessibilityProblem,
  ClientSupport,
  HtmlProblem,
  ImageProblem,
  LinkProblem,
  PlaceholderProblem,
  SpamProblem,
  SupportProblem,
  TextProblem,
  WeightProblem,
} from '../../inspect/checks/problems.ts';
import { count, list, octets, quoted, sentences, stopped, unreachable } from './words.ts';

/** What a check of the message found, and what to do about it, as a person reads it. */
export function htmlSentence(problem: HtmlProblem): string {
  return problem.check === 'support'
    ? sentences(tellSupport(problem), `(caniemail, ${problem.dataDate})`)
    : htmlSentenceOfMany(problem);
}

/** The same for one of many that stand together, where the day of the client data is told once for all of them. */
export function htmlSentenceOfMany(problem: HtmlProblem): string {
  switch (problem.check) {
    case 'support':
      return tellSupport(problem);
    case 'links':
      return tellLink(problem);
    case 'images':
      return tellImage(problem);
    case 'accessibility':
      return tellAccessibility(problem);
    case 'spam':
      return tellSpam(problem);
    case 'text':
      return tellText(problem);
    case 'placeholders':
      return tellPlaceholder(problem);
    case 'weight':
      return tellWeight(problem);
    default:
      return unreachable(problem, 'Something is wrong here.');
  }
}

function tellSupport({ title, clients, uses }: SupportProblem): string {
  const names = (support: ClientSupport['support']) =>
    clients.filter((client) => client.support === support).map((client) => client.name);
  const [without, partly] = [names('none'), names('partial')];
  const notes = [...new Set(clients.flatMap((client) => client.notes))];
  return sentences(
    without.length > 0 ? `${title} does not work in ${list(without, 6)}.` : '',
    partly.length > 0
      ? `${without.length > 0 ? 'It' : title} works only in part in ${list(partly, 4)}${notes[0] ? `: ${stopped(plain(notes[0]))}` : '.'}`
      : '',
    uses > 1 ? `Used ${count(uses, 'time')}.` : '',
  );
}

/** The data's notes are Markdown. */
function plain(note: string): string {
  return note
    .replace(/^Partial(ly supported|)[.:]\s+/, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function tellLink(problem: LinkProblem): string {
  switch (problem.code) {
    case 'link-empty':
      return 'This link leads nowhere: give it an address.';
    case 'link-invalid':
      return `${quoted(problem.url)} is no address: check it for spaces and missing slashes.`;
    case 'link-relative':
      return `${quoted(problem.url)} has no host, and a mail has no page that it could be relative to: write the whole address, with https://.`;
    case 'link-scheme':
      return `Mail clients take out links that begin with "${problem.scheme}:": use https:, mailto: or tel:.`;
    case 'link-insecure':
      return 'This link goes over http, readable for everybody on the way: use https.';
    case 'link-local':
      return `Recipients can’t reach ${quoted(problem.host)}: it is known on this machine or network only.`;
    case 'link-anchor-missing':
      return `Nothing in this mail is called ${quoted(problem.anchor)}: give an element that id.`;
    case 'link-mailto-invalid':
      return `${quoted(problem.url)} holds no mail address: write mailto:name@host, several with commas.`;
    case 'link-unreachable':
      return `${quoted(problem.url)} could not be reached${unreachableReason(problem.reason)}.`;
    case 'link-status':
      return `${quoted(problem.url)} answers ${problem.status}${problem.status === 404 || problem.status === 410 ? ': there is no such page' : ''}.`;
    case 'link-moved':
      return `${quoted(problem.url)} leads on to ${quoted(problem.to)}.`;
    case 'links-unasked':
      return `From this one on, ${count(problem.left, 'address', 'addresses')} ${problem.left === 1 ? 'was' : 'were'} not asked for: ${
        problem.reason === 'limit' ? 'the mail has too many' : `${count(problem.seconds, 'second')} had passed`
      }.`;
    default:
      return unreachable(problem, 'Something is wrong with this link.');
  }
}

function unreachableReason(reason: string): string {
  switch (reason) {
    case 'ENOTFOUND':
      return ': there is no such host';
    case 'ECONNREFUSED':
      return ': the host refuses the connection';
    case 'redirects':
      return ': it redirects round and round';
    case 'redirect':
      return ': it redirects to something that is no address of the web';
    case 'local':
      return ': it redirects into a private network';
    default:
      return reason ? ` (${reason})` : '';
  }
}

function tellImage(problem: ImageProblem): string {
  switch (problem.code) {
    case 'image-without-source':
      return problem.what === 'empty' ? 'The src of this picture is empty.' : 'This picture has no src.';
    case 'image-relative':
      return `${quoted(problem.url)} can’t be found from a mail: use a whole address, or a cid that the message carries.`;
    case 'image-cid-unknown':
      return `No part of the message has the Content-ID ${quoted(problem.cid)}.`;
    case 'image-without-alt':
      return problem.linked
        ? 'This picture is all that its link shows: say in its alt where the link leads, for readers without pictures.'
        : 'This picture has no alt: say what it shows, or write alt="" where it is decoration.';
    case 'image-without-size':
      return 'Without a width, Outlook shows this picture as large as its file, and the mail jumps while it loads: add width.';
    case 'image-heavy':
      return `${quoted(problem.name)} weighs ${octets(problem.size)}, over ${octets(problem.limit)}: compress or scale it.`;
    case 'images-heavy':
      return `The pictures of this mail weigh ${octets(problem.size)} together, over ${octets(problem.limit)}: this is the largest.`;
    default:
      return unreachable(problem, 'Something is wrong with this picture.');
  }
}

function tellAccessibility(problem: AccessibilityProblem): string {
  switch (problem.code) {
    case 'language-missing':
      return 'The mail does not say its language, so that a screen reader guesses how to speak it: add lang to <html>.';
    case 'language-invalid':
      return `${quoted(problem.value)} is no language tag: write one such as en or pt-BR.`;
    case 'title-missing':
      return 'The mail has no <title>: some screen readers and "view in browser" read it out.';
    case 'table-role':
      return `${count(problem.uses, 'table')} without <th> and without role: a screen reader reads out rows and columns. Add role="presentation" to tables that only place things.`;
    case 'link-without-name':
      return 'This link has no text: a screen reader has nothing to say for it.';
    case 'text-tiny':
      return `Text of ${problem.size} px is hard to read${problem.uses > 1 ? ` (${problem.uses} places below 10 px)` : ''}, and iOS enlarges it on its own.`;
    case 'contrast':
      return `${problem.foreground} on ${problem.background} has a contrast of ${problem.ratio}:1; ${problem.needed}:1 is needed to be read.`;
    case 'axe':
      return `${stopped(problem.help)}${problem.schemes.length === 1 && problem.schemes[0] === 'dark' ? ' (In dark mode.)' : ''}`;
    default:
      return unreachable(problem, 'Something here is hard to perceive.');
  }
}

function tellSpam(problem: SpamProblem): string {
  switch (problem.code) {
    case 'spam-subject-missing':
      return 'The subject is empty: filters and readers take that for spam.';
    case 'spam-capitals':
      return 'A subject in capitals looks like spam to filters.';
    case 'spam-marks':
      return `${quoted(problem.text)} in a subject looks like spam to filters.`;
    case 'spam-phrases':
      return `Phrases that filters know from spam: ${list(
        problem.phrases.map((phrase) => quoted(phrase)),
        5,
      )}.`;
    case 'spam-link-mismatch':
      return `The text says ${quoted(problem.shown)}, the link leads to ${quoted(problem.target)}: that is how phishing looks. Let the text be words.`;
    case 'spam-link-address':
      return `A link to a bare address (${problem.host}) looks like phishing: use a name.`;
    case 'spam-link-shortener':
      return `Filters distrust ${problem.host}, since it hides where links lead: use the address itself.`;
    case 'spam-active':
      return `Mail clients take out <${problem.element}>, and filters count it against the mail.`;
    case 'spam-images-only':
      return `${count(problem.images, 'picture')} and hardly any text (${count(problem.letters, 'letter')}): filters take that for spam, and readers without pictures see nothing.`;
    case 'spam-hidden-text':
      return 'This text has the colour of its ground: filters take that for an attempt to deceive them.';
    default:
      return unreachable(problem, 'A filter may take this for spam.');
  }
}

function tellText(problem: TextProblem): string {
  switch (problem.code) {
    case 'text-missing':
      return 'The mail has HTML but no plain text: add a text part (a composed document makes one by "@text: auto").';
    case 'text-empty':
      return 'The plain text is empty, and some readers see nothing else.';
    case 'text-differs':
      return sentences(
        `The plain text has ${Math.round(problem.share * 100)}% of the words of the HTML.`,
        problem.lacking.length > 0 ? `It lacks, for one: ${quoted(problem.lacking[0]!)}.` : '',
      );
    case 'text-lacks-links':
      return `The plain text has none of the HTML’s ${count(problem.urls.length, 'link')}: its readers can’t follow them.`;
    default:
      return unreachable(problem, 'Text and HTML say different things.');
  }
}

function tellPlaceholder(problem: PlaceholderProblem): string {
  const shown = quoted(problem.placeholder);
  switch (problem.kind) {
    case 'undefined-value':
      return `${shown} stands where a value was missing.`;
    case 'filler':
      return `${shown} looks as if it was to be replaced.`;
    case 'braces':
    case 'percent':
    case 'merge-tag':
    case 'dollar':
      return `${shown} was not filled in: recipients would see it as it stands.`;
    default:
      return unreachable(problem.kind, `${shown} was not filled in.`);
  }
}

function tellWeight(problem: WeightProblem): string {
  switch (problem.code) {
    case 'weight-clipped':
      return `The HTML is ${octets(problem.size)}; Gmail cuts it off at ${octets(problem.limit)} and hides the rest, the unsubscribe link included.`;
    case 'html-unchecked':
      if (problem.failure !== undefined)
        return `The HTML could not be checked (${problem.failure}): that is a fault of Mailbench. The output channel “Mailbench” says more, for a report of it.`;
      return `The HTML is not checked while it is written: ${
        problem.length === undefined ? 'it takes too long' : `${count(problem.length, 'character')} are too many`
      }. Check Message looks at it all the same.`;
    case 'findings-left-out':
      return `${count(problem.left, 'more finding')} ${problem.left === 1 ? 'is' : 'are'} left out while the mail is written: Check Message lists all.`;
    case 'weight-near':
      return `The HTML is ${octets(problem.size)}, close to the ${octets(problem.limit)} at which Gmail cuts it off.`;
    default:
      return unreachable(problem, 'The mail is too heavy.');
  }
}
