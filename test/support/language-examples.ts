/** The examples of the page that describes the language, in full. */
export const QUARTERLY = `# Plain text; several recipients; a group; an attachment with another name, type and charset
From: Ann Zoë <ann@exämple.com>
To: "Doe, Jo" <jo@a.example>, Team: x@a.example, y@a.example;
Bcc: audit@a.example
Subject: Quarterly figures – résumé

See the table.
<#!attach this line is text>
<#-- ask Jo before this goes out -->
<#attach "./out/q3 v2.csv" name="Übersicht Q3.csv" type=text/csv charset=iso-8859-1>
<#attach ./earlier.eml>
`;

export const WELCOME = `@template: handlebars
@data: ./welcome.json
From: a@x.example, b@x.example
Sender: a@x.example
To: {{user.name}} <{{user.email}}>
Subject: Welcome {{user.name}}

Hi {{user.name}}, …
<#part type=text/html>
<img src="./logo.png" alt="X"> <img src="cid:chart" alt="Usage">
<#/part>
<#inline ./chart.svg id=chart>
<#part type=text/calendar method=REQUEST src=./invite.ics>
<#attach "./invoices/{{invoice.id}}.pdf" when=invoice>
`;

export const CHINESE = `From: 小王 <me@163.example>
To: friend@qq.example
Subject: 你好
Content-Type: text/html; charset=gb2312

<p>这是一个测试邮件</p>
`;

/** Everything that they name, by its path beside the document. */
export const exampleFiles: Readonly<Record<string, string | Uint8Array>> = {
  'out/q3 v2.csv': Buffer.from('Zürich;1284\r\n', 'latin1'),
  'earlier.eml':
    'Subject: Earlier\nFrom: a@a.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHi\n--x--\n',
  'welcome.json': JSON.stringify({ user: { name: 'Doe, Jo', email: 'jo@a.example' }, invoice: { id: 7 } }),
  'without-invoice.json': JSON.stringify({ user: { name: 'Jo', email: 'jo@a.example' } }),
  'logo.png': Buffer.from('\x89PNG\r\n', 'latin1'),
  'chart.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'invite.ics': 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
  'invoices/7.pdf': '%PDF-1.7',
};
