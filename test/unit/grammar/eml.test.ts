import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tokenize } from '../vscode/tokenize.ts';

/** Lines, and what they are coloured as: `text{scope}`. */
const cases: readonly [what: string, lines: readonly [line: string, tokens: string][]][] = [
  [
    'comments, settings and fields',
    [
      ['# note', '# note{comment.line.number-sign}'],
      ['@data: ./d.json', '@data{keyword.control.setting}: ./d.json{string.unquoted.setting}'],
      ['@template: handlebars', '@template{keyword.control.setting}: handlebars{constant.language}'],
      [
        'From: "Doe, Jo" <jo@a.example> (home), Team: x@a.example, y@a.example;',
        'From{entity.name.tag.field}: "Doe, Jo{variable.other.display-name}" <jo@a.example{string.other.address}> (home){comment.block.parenthesis}, Team{entity.name.type.group}: x@a.example{string.other.address}, y@a.example{string.other.address};',
      ],
      [
        'Subject: Hi =?utf-8?Q?=C3=AB?=',
        'Subject{entity.name.tag.field}: Hi {markup.heading.subject}=?utf-8?Q?=C3=AB?={constant.numeric.encoded-word}',
      ],
      ['  folded', '  folded{markup.heading.subject}'],
      ['Message-ID: <1@a.example>', 'Message-ID{entity.name.tag.field}: <1@a.example{string.other.message-id}>'],
      [
        'Date: Thu, 1 Jan 2026 10:00:00 +0000',
        'Date{entity.name.tag.field}: Thu, 1 Jan 2026 10:00:00 +0000{constant.numeric.date}',
      ],
      [
        'X-Other: see https://a.example/x.',
        'X-Other{entity.name.tag.field}: see {string.unquoted.field}https://a.example/x{markup.underline.link}.{string.unquoted.field}',
      ],
      [
        'Content-Type: text/plain; charset=utf-8; name="a b"',
        'Content-Type{entity.name.tag.field}: text/plain{support.type.media}; charset{entity.other.attribute-name}={keyword.operator.assignment}utf-8{string.unquoted}; name{entity.other.attribute-name}={keyword.operator.assignment}"a b"{string.quoted.double}',
      ],
      ['', ''],
      ['# no comment here', '# no comment here'],
    ],
  ],
  [
    'directives, notes, escapes and quoted replies',
    [
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['> quoted https://a.example', '> quoted {markup.quote}https://a.example{markup.underline.link}'],
      ['-- ', '-- {comment.line.signature}'],
      ['<#!attach text', '<#!{constant.character.escape}attach text'],
      ['<#-- a note -->', '<#-- a note -->{comment.block.note}'],
      [
        '<#attach "./a b.pdf" name=x.pdf type=application/pdf>',
        '<#attach{keyword.control.directive} "./a b.pdf"{string.quoted.double.path} name{entity.other.attribute-name}={keyword.operator.assignment}x.pdf{string.unquoted} type{entity.other.attribute-name}={keyword.operator.assignment}application/pdf{string.unquoted}>{keyword.control.directive}',
      ],
      ['<#frobnicate>', '<#frobnicate>{invalid.illegal.directive}'],
      ['<b>no HTML here</b>', '<b>no HTML here</b>'],
    ],
  ],
  [
    'template expressions',
    [
      [
        'To: {{user.name}} <{{user.email}}>',
        'To{entity.name.tag.field}: {{user{variable.other.template}.name{variable.other.template}}} <{{{string.other.address}user{variable.other.template}.{string.other.address}email{variable.other.template}}}{string.other.address}>',
      ],
      ['', ''],
      [
        '{{name}} {{#if a.b}} {{$guid}} {{!-- c --}} \\{{x}} {% if x %}',
        '{{name{variable.other.template}}} {{#if{keyword.control.template} a{variable.other.template}.b{variable.other.template}}} {{$guid{support.function.template}}} {{!-- c --}}{comment.block.template} \\{{{constant.character.escape.template}x}} {% if{keyword.control.template} x{variable.other.template} %}',
      ],
      [
        '<#attach "./{{id}}.pdf">',
        '<#attach{keyword.control.directive} "./{{{string.quoted.double.path}id{variable.other.template}}}.pdf"{string.quoted.double.path}>{keyword.control.directive}',
      ],
    ],
  ],
  [
    'HTML in its parts, as far as they go',
    [
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['plain <p>', 'plain <p>'],
      [
        '<#part type=text/html>',
        '<#part{keyword.control.directive} type{entity.other.attribute-name}={keyword.operator.assignment}text/html{string.unquoted}>{keyword.control.directive}',
      ],
      ['<p>{{x}}</p>', '<p>{tag.html}{{x{variable.other.template}}}</p>{tag.html}'],
      ['<style>', '<style>{style.html}'],
      ['<#/part>', '<#/part>{keyword.control.directive}'],
      ['plain <p>', 'plain <p>'],
      [
        '<#part charset=utf-8 type="text/html">',
        '<#part{keyword.control.directive} charset{entity.other.attribute-name}={keyword.operator.assignment}utf-8{string.unquoted} type{entity.other.attribute-name}={keyword.operator.assignment}"text/html"{string.quoted.double}>{keyword.control.directive}',
      ],
      ['<p>', '<p>{tag.html}'],
      [
        '<#inline ./a.png id=a>',
        '<#inline{keyword.control.directive} ./a.png{string.unquoted.path} id{entity.other.attribute-name}={keyword.operator.assignment}a{string.unquoted}>{keyword.control.directive}',
      ],
      ['<p>', '<p>{tag.html}'],
      ['<#attach ./b>', '<#attach{keyword.control.directive} ./b{string.unquoted.path}>{keyword.control.directive}'],
      ['plain <p>', 'plain <p>'],
    ],
  ],
  [
    'a part of MJML, whose elements are none of HTML',
    [
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      [
        '<#part type=text/mjml>',
        '<#part{keyword.control.directive} type{entity.other.attribute-name}={keyword.operator.assignment}text/mjml{string.unquoted}>{keyword.control.directive}',
      ],
      ['<mj-text>{{x}}', '<mj-text>{tag.derivative}{{x{variable.other.template}}}'],
      ['<#/part>', '<#/part>{keyword.control.directive}'],
      ['plain <mjml>', 'plain <mjml>'],
    ],
  ],
  [
    'a document that is MJML',
    [
      ['Content-Type: text/mjml', 'Content-Type{entity.name.tag.field}: text/mjml{support.type.media}'],
      ['', ''],
      ['<mjml>', '<mjml>{tag.derivative}'],
    ],
  ],
  [
    'a document that is HTML',
    [
      [
        'Content-Type: text/html; charset=gb2312',
        'Content-Type{entity.name.tag.field}: text/html{support.type.media}; charset{entity.other.attribute-name}={keyword.operator.assignment}gb2312{string.unquoted}',
      ],
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['<p>', '<p>{tag.html}'],
      ['<style>', '<style>{style.html}'],
      ['<#attach ./b>', '<#attach{keyword.control.directive} ./b{string.unquoted.path}>{keyword.control.directive}'],
      ['<p>', '<p>{tag.html}'],
    ],
  ],
  [
    'Markdown in its parts',
    [
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['# plain', '# plain'],
      [
        '<#part type=text/markdown>',
        '<#part{keyword.control.directive} type{entity.other.attribute-name}={keyword.operator.assignment}text/markdown{string.unquoted}>{keyword.control.directive}',
      ],
      ['# heading', '# heading{heading.markdown}'],
      ['<#/part>', '<#/part>{keyword.control.directive}'],
      ['# plain', '# plain'],
    ],
  ],
  [
    'verbatim parts',
    [
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      [
        '<#part verbatim>',
        '<#part{keyword.control.directive} verbatim{entity.other.attribute-name}>{keyword.control.directive}',
      ],
      ['<#attach ./x>', '<#attach ./x>'],
      ['<#/part>', '<#/part>{keyword.control.directive}'],
      ['<#attach ./x>', '<#attach{keyword.control.directive} ./x{string.unquoted.path}>{keyword.control.directive}'],
    ],
  ],
  [
    'a header that lacks its blank line',
    [
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['this is text', 'this is text'],
      ['To: text', 'To: text'],
    ],
  ],
  [
    'a document without a header',
    [
      ['', ''],
      ['To: a@b', 'To: a@b'],
    ],
  ],
  [
    'a finished message',
    [
      ['MIME-Version: 1.0', 'MIME-Version{entity.name.tag.field}: 1.0{string.unquoted.field}'],
      [
        'Content-Type: multipart/mixed; boundary="b1"',
        'Content-Type{entity.name.tag.field}: multipart/mixed{support.type.media}; boundary{entity.other.attribute-name}={keyword.operator.assignment}"b1"{string.quoted.double}',
      ],
      ['', ''],
      ['--b1', '--b1{keyword.other.boundary}'],
      ['Content-Type: text/html', 'Content-Type{entity.name.tag.field}: text/html{support.type.media}'],
      ['', ''],
      [
        '<p class=3D"x">caf=C3=A9=',
        '<p class{tag.html}=3D{constant.numeric.quoted-printable}"x"{string.quoted.double.html}>{tag.html}caf=C3=A9={constant.numeric.quoted-printable}',
      ],
      ['<style>', '<style>{style.html}'],
      ['--b1', '--b1{keyword.other.boundary}'],
      [
        'Content-Transfer-Encoding: base64',
        'Content-Transfer-Encoding{entity.name.tag.field}: base64{support.type.media}',
      ],
      ['Content-Type: image/png', 'Content-Type{entity.name.tag.field}: image/png{support.type.media}'],
      ['', ''],
      ['iVBORw0K', 'iVBORw0K{comment.block.base64}'],
      ['--b1', '--b1{keyword.other.boundary}'],
      ['', ''],
      ['<#attach ./x>', '<#attach ./x>'],
      ['--b1--', '--b1--{keyword.other.boundary}'],
    ],
  ],
  [
    'a message in a finished message, and the signature and quotation in it',
    [
      ['MIME-Version: 1.0', 'MIME-Version{entity.name.tag.field}: 1.0{string.unquoted.field}'],
      ['', ''],
      ['--b1', '--b1{keyword.other.boundary}'],
      ['Content-Type: message/rfc822', 'Content-Type{entity.name.tag.field}: message/rfc822{support.type.media}'],
      ['Content-Disposition: inline', 'Content-Disposition{entity.name.tag.field}: inline{support.type.media}'],
      ['', ''],
      ['Subject: inner', 'Subject{entity.name.tag.field}: inner{markup.heading.subject}'],
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['Note: text', 'Note: text'],
      ['', ''],
      ['Note: text', 'Note: text'],
      ['--b1', '--b1{keyword.other.boundary}'],
      ['Content-Type: message/rfc822', 'Content-Type{entity.name.tag.field}: message/rfc822{support.type.media}'],
      ['', ''],
      ['Content-Type: text/html', 'Content-Type{entity.name.tag.field}: text/html{support.type.media}'],
      ['', ''],
      ['<b>', '<b>{tag.html}'],
      ['--b1', '--b1{keyword.other.boundary}'],
      ['X-Tag: 1', 'X-Tag{entity.name.tag.field}: 1{string.unquoted.field}'],
      ['', ''],
      ['> quoted', '> quoted{markup.quote}'],
      ['--=20', '--=20{comment.line.signature}'],
      ['Ann: 1', 'Ann: 1'],
      ['--b1--', '--b1--{keyword.other.boundary}'],
    ],
  ],
  [
    'a message that is finished by its setting',
    [
      ['@raw: on', '@raw{keyword.control.setting}: on{constant.language}'],
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['<#attach ./x>', '<#attach ./x>'],
    ],
  ],
  [
    'a message without MIME-Version that servers have written on',
    [
      ['Received: from a by b', 'Received{entity.name.tag.field}: from a by b{string.unquoted.field}'],
      [' with x', ' with x{string.unquoted.field}'],
      ['From: a@b', 'From{entity.name.tag.field}: a@b{string.other.address}'],
      ['# no comment', '# no comment'],
      ['', ''],
      ['<#attach ./x> {{y}}', '<#attach ./x> {{y}}'],
      ['=C3=BC', '=C3=BC{constant.numeric.quoted-printable}'],
    ],
  ],
  [
    'a message out of an mbox',
    [
      ['From a@b Thu Jan  1 10:00:00 2026', 'From a@b Thu Jan  1 10:00:00 2026{comment.line.mbox}'],
      ['From: a@b', 'From{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['<#attach ./x>', '<#attach ./x>'],
    ],
  ],
  [
    'a message without MIME-Version that has parts, as no composed document may',
    [
      ['From: a@b', 'From{entity.name.tag.field}: a@b{string.other.address}'],
      ['Content-Type: multipart/mixed;', 'Content-Type{entity.name.tag.field}: multipart/mixed{support.type.media};'],
      [
        ' boundary="b1"',
        ' boundary{entity.other.attribute-name}={keyword.operator.assignment}"b1"{string.quoted.double}',
      ],
      ['', ''],
      ['--b1', '--b1{keyword.other.boundary}'],
      ['Content-Type: text/html', 'Content-Type{entity.name.tag.field}: text/html{support.type.media}'],
      ['', ''],
      ['<p>', '<p>{tag.html}'],
      ['--b1--', '--b1--{keyword.other.boundary}'],
    ],
  ],
  [
    'a message without MIME-Version that is encoded',
    [
      ['From: a@b', 'From{entity.name.tag.field}: a@b{string.other.address}'],
      [
        'Content-Transfer-Encoding: base64',
        'Content-Transfer-Encoding{entity.name.tag.field}: base64{support.type.media}',
      ],
      ['', ''],
      ['SGVsbG8', 'SGVsbG8{comment.block.base64}'],
    ],
  ],
  [
    'a finished message of HTML, whatever the order of its fields',
    [
      ['Content-Type: text/html;', 'Content-Type{entity.name.tag.field}: text/html{support.type.media};'],
      [' charset=utf-8', ' charset{entity.other.attribute-name}={keyword.operator.assignment}utf-8{string.unquoted}'],
      ['MIME-Version: 1.0', 'MIME-Version{entity.name.tag.field}: 1.0{string.unquoted.field}'],
      [
        'Content-Transfer-Encoding: quoted-printable',
        'Content-Transfer-Encoding{entity.name.tag.field}: quoted-printable{support.type.media}',
      ],
      ['From: a@b', 'From{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['<p>=C3=BC', '<p>{tag.html}=C3=BC{constant.numeric.quoted-printable}'],
      ['', ''],
      ['<#attach ./x>', '<#attach ./x>'],
      ['</p>', '</p>{tag.html}'],
    ],
  ],
  [
    'a composed document that says so itself',
    [
      ['@raw: off', '@raw{keyword.control.setting}: off{constant.language}'],
      ['# comment', '# comment{comment.line.number-sign}'],
      ['MIME-Version: 1.0', 'MIME-Version{entity.name.tag.field}: 1.0{string.unquoted.field}'],
      ['From: a@b', 'From{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      ['<#attach ./x>', '<#attach{keyword.control.directive} ./x{string.unquoted.path}>{keyword.control.directive}'],
    ],
  ],
  [
    'a composed document with fields that a finished one has too',
    [
      [
        'Date: Thu, 1 Jan 2026 10:00:00 +0000',
        'Date{entity.name.tag.field}: Thu, 1 Jan 2026 10:00:00 +0000{constant.numeric.date}',
      ],
      ['Message-ID: <1@a.example>', 'Message-ID{entity.name.tag.field}: <1@a.example{string.other.message-id}>'],
      [
        'Content-Type: text/plain; charset=utf-8',
        'Content-Type{entity.name.tag.field}: text/plain{support.type.media}; charset{entity.other.attribute-name}={keyword.operator.assignment}utf-8{string.unquoted}',
      ],
      ['# comment', '# comment{comment.line.number-sign}'],
      ['', ''],
      ['<#attach ./x>', '<#attach{keyword.control.directive} ./x{string.unquoted.path}>{keyword.control.directive}'],
    ],
  ],
  [
    'what silences problems, and notes over several lines',
    [
      [
        '# mailbench-ignore x-y',
        '# {comment.line.number-sign}mailbench-ignore{keyword.other.ignore} x-y{comment.line.number-sign}',
      ],
      ['To: a@b', 'To{entity.name.tag.field}: a@b{string.other.address}'],
      ['', ''],
      [
        '<#-- mailbench-ignore x-y -->',
        '<#--{comment.block.note} mailbench-ignore{keyword.other.ignore} x-y -->{comment.block.note}',
      ],
      ['text', 'text'],
      ['<#-- one', '<#-- one{comment.block.note}'],
      ['<#attach ./x>', '<#attach ./x>{comment.block.note}'],
      ['two -->', 'two -->{comment.block.note}'],
      ['text', 'text'],
    ],
  ],
  [
    'names and comments in addresses, folded',
    [
      [
        'To: =?utf-8?Q?J=C3=B6?= <j@a.example>,',
        'To{entity.name.tag.field}: =?utf-8?Q?J=C3=B6?={constant.numeric.encoded-word} <j@a.example{string.other.address}>,',
      ],
      [
        '  Ann Lee <ann@a.example> (at',
        '  Ann{variable.other.display-name} Lee{variable.other.display-name} <ann@a.example{string.other.address}> (at{comment.block.parenthesis}',
      ],
      [' home)', ' home){comment.block.parenthesis}'],
      ['Subject: x', 'Subject{entity.name.tag.field}: x{markup.heading.subject}'],
    ],
  ],
];

describe('the grammar of mail documents', () => {
  for (const [what, lines] of cases) {
    it(`knows ${what}`, async () => {
      const tokens = await tokenize('text.eml', lines.map(([line]) => line).join('\n'));
      assert.deepEqual(
        tokens,
        lines.map(([, expected]) => expected),
      );
    });
  }
});
