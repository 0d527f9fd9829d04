"""One invented story as each news format has it, for the tests of reading and of writing."""

from __future__ import annotations

import json

FIRST = "HALVIK (NW) - The defence ministers of Norland and Vestria signed an accord in Halvik on Tuesday."
SECOND = "It covers joint patrols & the café of the harbour."
TEXT = f"{FIRST}\n\n{SECOND}"
TITLE = "Ministers sign accord"
URI = "urn:newsml:norland.example:20260310:accord"
DATE = "2026-03-10T10:15:00+01:00"
_SECOND_XML = SECOND.replace("&", "&amp;")

NINJS_3 = {
    "uri": URI,
    "type": "text",
    "versionCreated": DATE,
    "language": "en",
    "pubStatus": "usable",
    "urgency": 3,
    "by": "Ann Writer",
    "headlines": [{"role": "sub", "value": "A second line"}, {"role": "main", "value": TITLE}],
    "bodies": [
        {"role": "main", "contentType": "application/xhtml+xml", "value": f"<p>{FIRST}</p><p>{_SECOND_XML}</p>"},
        {"role": "teaser", "contentType": "image/svg+xml", "value": "<svg/>"},
    ],
    "descriptions": [{"role": "caption", "value": "Two ministers."}],
    "subjects": [{"uri": "http://norland.example/topics/7", "name": "accords", "creator": "desk"}],
    "associations": [{"name": "mainpicture", "uri": "urn:x:picture", "type": "picture"}],
    "digitalSourceType": {"uri": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"},
    "x-own": {"kept": [1, 2.5, None, True]},
}
NINJS_2 = {
    "uri": URI,
    "type": "text",
    "versioncreated": DATE,
    "language": "en",
    "pubstatus": "usable",
    "urgency": 3,
    "by": "Ann Writer",
    "headlines": [{"role": "main", "value": TITLE}],
    "bodies": [{"role": "main", "contenttype": "text/plain", "value": TEXT}],
    "infosources": [{"name": "Norland Wire"}],
}
NINJS_1 = {
    "uri": URI,
    "type": "text",
    "versioncreated": DATE,
    "language": "en",
    "urgency": 3,
    "byline": "Ann Writer",
    "headline": TITLE,
    "body_text": TEXT,
    "description_text": "Two ministers.",
    "subject": [{"name": "accords", "scheme": "http://norland.example/topics/", "code": "7"}],
    "associations": {"mainpicture": {"uri": "urn:x:picture", "type": "picture"}},
}

NITF_BODY = f"""<body>
    <body.head>
      <hedline><hl1>{TITLE}</hl1><hl2>A second line</hl2></hedline>
      <byline>Ann <person>Writer</person></byline>
      <dateline><location>Halvik</location></dateline>
      <abstract><p>Two ministers.</p></abstract>
    </body.head>
    <body.content xml:lang="en">
      <media media-type="image"><media-caption>Not the story.</media-caption></media>
      <p>{FIRST.replace("Norland", "<em>Norland</em>")}</p>
      <p>{_SECOND_XML.replace("café", "caf&eacute;")}</p>
    </body.content>
  </body>"""
NITF = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf-3-6.dtd">
<?desk keep?>
<nitf change.date="1 March 2026">
  <head>
    <title>accord</title>
    <tobject tobject.type="news">
      <tobject.subject tobject.subject.refnum="11002000" tobject.subject.matter="Diplomacy"/>
    </tobject>
    <docdata management-status="usable">
      <doc-id id-string="{URI}"/><urgency ed-urg="3"/><date.issue norm="20260310T101500+0100"/>
      <doc.copyright holder="Norland Wire"/>
      <key-list><keyword key="accord"/></key-list>
    </docdata>
  </head>
  <!-- a comment -->
  {NITF_BODY}
</nitf>
"""

G2 = "http://iptc.org/std/nar/2006-10-01/"
XHTML_CONTENT = f"""<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
        <head><title>x</title></head><body><h1>{TITLE}</h1><p>{FIRST}</p><p>{_SECOND_XML}</p></body></html></inlineXML>"""
NITF_CONTENT = f"""<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">
        {NITF_BODY.replace("&eacute;", "é")}</nitf></inlineXML>"""


def news_item(content: str = XHTML_CONTENT, *, guid: str = URI, kind: str = "text", extra: str = "") -> str:
    """Return a newsItem without declaration."""
    return f"""<newsItem xmlns="{G2}" xmlns:nw="http://norland.example/ns" guid="{guid}" version="2"
    standard="NewsML-G2" standardversion="2.35" conformance="power" nw:desk="7">
  <catalogRef href="http://norland.example/catalog.xml"/>
  <rightsInfo><copyrightHolder literal="nw"><name>Norland Wire</name></copyrightHolder></rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:{kind}"/><provider literal="nw"/><versionCreated>{DATE}</versionCreated>
    <pubStatus qcode="stat:usable"/>
    <link rel="irel:evolvedFrom" residref="urn:newsml:norland.example:20260310:earlier"/>
  </itemMeta>
  <contentMeta>
    <urgency>3</urgency>
    <language tag="en"/>
    <subject qcode="nw:7"><name>accords</name></subject>
    <headline>{TITLE}</headline><by>Ann Writer</by>
    <nw:mood>calm</nw:mood>
  </contentMeta>
  <contentSet>{content}</contentSet>{extra}
</newsItem>"""


def news_message(*items: str) -> str:
    """Return a newsMessage of items."""
    return f"""<?xml version="1.0"?>
<newsMessage xmlns="{G2}"><header><sent>{DATE}</sent><sender>norland.example</sender></header>
<itemSet>
{"".join(items)}
</itemSet></newsMessage>"""


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:nw="http://norland.example/ns">
<channel><title>Norland Wire</title><link>https://norland.example/</link><description>All news</description>
<language>en</language><nw:desk>7</nw:desk>
<item nw:rank="1"><title>{TITLE}</title><link>https://norland.example/accord</link>
<guid isPermaLink="false">{URI}</guid>
<pubDate>Tue, 10 Mar 2026 10:15:00 +0100</pubDate><category>harbour</category>
<category domain="http://norland.example/topics/">7</category>
<description>Two ministers &lt;b&gt;signed&lt;/b&gt;.</description><nw:mood>calm</nw:mood>
<content:encoded><![CDATA[<p>{FIRST}</p><p>{_SECOND_XML}</p>]]></content:encoded></item>
<item><title>Cheese fair opens</title><guid>https://norland.example/cheese</guid>
<description>The cheese fair of Vestria opened.</description></item>
</channel></rss>
"""
ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xmlns:nw="http://norland.example/ns">
<id>urn:x:feed</id><title>Norland Wire</title><updated>{DATE}</updated>
<entry><id>{URI}</id><title type="html">{TITLE}</title><updated>{DATE}</updated>
<author><name>Ann Writer</name></author><link href="https://norland.example/accord"/>
<category term="7" scheme="http://norland.example/topics/" label="accords"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FIRST}</p><p>{_SECOND_XML}</p></div></content>
<nw:mood>calm</nw:mood></entry>
</feed>
"""
IPTC7901 = (
    "\x01nwa0012 3 i 42  nw 0027\r\n\nAccord/Norland/\r\n"
    f"\x02REFILE\n{TITLE}\nBy Ann Writer =\r\n\n"
    "   HALVIK (NW) - The defence ministers of Norland and Vestria\r\nsigned an accord in Halvik on Tuesday.\r\n\n"
    f"{SECOND}\r\n\n\x03100915 GMT Mar 26 \r\n\x7f\x04"
)
ANPA = (
    "\x16\x16\x01W2870\x1fnorland\r\nu i\x13\x11 BC-NW--Accord     03-10 0042\r\n"
    f"\x02^BC-NW--Accord,42<\r\n^{TITLE}<\r\n^By ANN WRITER=\r\n^Norland Wire=\r\n"
    "\tHALVIK, Norland (NW) _ The ministers signed an accord.\r\n\t``It covers patrols,'' one said.\r\n"
    "\t\x03NW-WF-03-10-26 0915GMT<\r\n\x0c\r\n\x04"
)


def dumped(item: object) -> str:
    """Return JSON."""
    return json.dumps(item, ensure_ascii=False)
