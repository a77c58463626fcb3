/**
 * Every name by which VS Code knows a piece of this extension: the one table that package.json is held against, both
 * ways. It imports nothing, so that a plain unit test can read it.
 */

export const language = 'eml';
export const transcriptLanguage = 'smtp-transcript';
export const transcriptChannel = 'Mail Transcript';
/** What went wrong with the extension itself. */
export const logChannel = 'Mailbench';

/** Commands of the palette and of menus. Each is contributed by package.json. */
export const commands = {
  send: 'mailbench.send',
  sendTo: 'mailbench.sendTo',
  sendAll: 'mailbench.sendAll',
  dryRun: 'mailbench.dryRun',
  previewMime: 'mailbench.previewMime',
  preview: 'mailbench.preview',
  check: 'mailbench.check',
  convert: 'mailbench.convert',
  attachFile: 'mailbench.attachFile',
  toggleComment: 'mailbench.toggleComment',
  newEmail: 'mailbench.new',
  openSample: 'mailbench.openSample',
  selectServer: 'mailbench.selectServer',
  addServer: 'mailbench.addServer',
  smtpConsole: 'mailbench.smtpConsole',
  setPassword: 'mailbench.setPassword',
  forgetPasswords: 'mailbench.forgetPasswords',
  resend: 'mailbench.resend',
  cancel: 'mailbench.cancel',
  showTranscript: 'mailbench.showTranscript',
  startInbox: 'mailbench.startInbox',
  stopInbox: 'mailbench.stopInbox',
  showInbox: 'mailbench.showInbox',
  openMessage: 'mailbench.inbox.open',
  openMessageSource: 'mailbench.inbox.openSource',
  copyMessage: 'mailbench.inbox.copy',
  revealMessage: 'mailbench.inbox.reveal',
  deleteMessage: 'mailbench.inbox.delete',
  clearInbox: 'mailbench.inbox.clear',
  markAllRead: 'mailbench.inbox.markAllRead',
} as const;

/** Settings, without the `mailbench.` that all of them begin with. */
export const settings = {
  servers: 'servers',
  server: 'server',
  guardAllow: 'guard.allow',
  guardRedirectTo: 'guard.redirectTo',
  guardConfirm: 'guard.confirm',
  transcriptData: 'transcript.data',
  transcriptReveal: 'transcript.reveal',
  transcriptTimes: 'transcript.times',
  previewColumn: 'preview.column',
  checkWhileWriting: 'check.whileWriting',
  previewSyncCursor: 'preview.syncCursor',
  checkSupport: 'check.support',
  checkLinks: 'check.links',
  checkImages: 'check.images',
  checkAccessibility: 'check.accessibility',
  checkSpam: 'check.spam',
  checkText: 'check.text',
  checkPlaceholders: 'check.placeholders',
  checkWeight: 'check.weight',
  checkClients: 'check.clients',
  checkSeverity: 'check.severity',
  checkAttachmentWords: 'check.attachmentWords',
  checkMessageSize: 'check.messageSize',
  checkLineLength: 'check.lineLength',
  dkimKeys: 'dkim.keys',
  inboxPort: 'inbox.port',
  inboxAutoStart: 'inbox.autoStart',
  inboxKeep: 'inbox.keep',
  inboxFaults: 'inbox.faults',
  inboxOpenAfterSend: 'inbox.openAfterSend',
  inboxOpenAs: 'inbox.openAs',
} as const;

/** Keys of `when` clauses that this extension sets itself. */
export const contextKeys = {
  /** A send is under way. */
  sending: 'mailbench.sending',
  /** The Local Inbox of this window listens. */
  inboxRunning: 'mailbench.inboxRunning',
  /** It holds a message. */
  inboxHasMessages: 'mailbench.inboxHasMessages',
} as const;

export const views = {
  inbox: 'mailbench.inbox',
} as const;

/** Types of webview panels. VS Code wakes the extension for one that it brings back: `onWebviewPanel:mailbench.preview`. */
export const webviews = {
  preview: 'mailbench.preview',
} as const;

export const viewContainer = 'mailbench';

/** Colours that a theme may set. */
export const colors = {
  cursorPlaceBackground: 'mailbench.cursorPlace.background',
  cursorPlaceBorder: 'mailbench.cursorPlace.border',
  cursorPlaceOverviewRuler: 'mailbench.cursorPlace.overviewRuler',
} as const;

/** Schemes of the read-only documents. */
export const schemes = {
  /** What a document becomes; see mime-preview.ts. */
  mime: 'mailbench-mime',
  /** A captured message; see inbox-files.ts. */
  inbox: 'mailbench-inbox',
  /** What a problem's code means; see help-documents.ts. */
  help: 'mailbench-help',
} as const;

export type SettingKey = (typeof settings)[keyof typeof settings];
