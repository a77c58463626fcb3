/** A process of its own that adds messages to a store: directory and count are its arguments. */
import { openMessageStore } from '../../../src/capture/store.ts';

const [directory = '', count = '0'] = process.argv.slice(2);
const store = await openMessageStore(directory);
const octets = Buffer.from('Subject: from afar\r\n\r\n');
await Promise.all(
  Array.from({ length: Number(count) }, () =>
    store.add({
      envelope: { sender: '', recipients: ['b@b.example'] },
      session: { address: '127.0.0.1', port: 4, hello: 'x', protocol: 'ESMTP' },
      pieces: [octets],
      size: octets.length,
      irregularities: [],
    }),
  ),
);
