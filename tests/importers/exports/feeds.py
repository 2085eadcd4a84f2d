"""Feeds, nasty on purpose: encodings, prefixes, dates, bases, and texts that are not whole."""

RSS = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.example/publish/formats/rss-0.91.dtd">
<rss version="2.0" xmlns:body="http://purl.org/rss/1.0/modules/content/" xmlns:d="http://purl.org/dc/elements/1.1/"
 xmlns:m="http://search.yahoo.com/mrss/">
<channel xml:base="https://harbour.example/letters/"><title>Caf\xe9 keptletter &amp; more</title><link>https://harbour.example/</link>
<description>kepttagline</description><language>pt-BR</language><copyright>keptcopyright</copyright>
<item><title>Piers &amp;amp; kepttitle</title><link>https://harbour.example/piers.html</link>
<guid isPermaLink="false">tag keptguid 1</guid><pubDate>Fri, 01 Mar 24 16:00:00 EST</pubDate><d:creator>keptauthor</d:creator>
<category>kepttag</category><category domain="x">keptother</category><description>keptsummary</description>
<m:content url="https://harbour.example/keptcover.jpg" medium="image"/>
<body:encoded><![CDATA[<p>keptfirst ]]]]><![CDATA[> <a href="../keptrelative">keptlink</a> <img src="pier.png" srcset="pier-2x.png 2x" alt="keptalt"></p>]]></body:encoded></item>
<item><title>Same guid</title><link>https://harbour.example/second</link><guid isPermaLink="false">tag keptguid 1</guid>
<pubDate>2024-03-08T16:00:00+01:00</pubDate><body:encoded>&lt;p&gt;keptsecond&lt;/p&gt;</body:encoded></item>
<item><title>No guid</title><link>https://harbour.example/third</link><pubDate>Fri, 15 Mar 2024 16:00:00 CEST</pubDate>
<body:encoded>&amp;lt;p&amp;gt;keptthird &amp;lt;b&amp;gt;twice&amp;lt;/b&amp;gt;&amp;lt;/p&amp;gt;</body:encoded></item>
<item><title>Summary only</title><guid>https://harbour.example/fourth</guid><pubDate>Fri, 22 Mar 2024 16:00:00 +0000</pubDate>
<description>keptteaser</description></item>
<item><title>Broken day</title><guid>https://harbour.example/fifth</guid><pubDate>keptday of Marchember</pubDate>
<body:encoded><![CDATA[<p>keptfifth</p>]]></body:encoded></item>
<item><title>Cut</title><guid>https://harbour.example/sixth</guid><pubDate>Fri, 29 Mar 2024 16:00:00 GMT</pubDate>
<body:encoded><![CDATA[<p>keptsixth</p><p><a href="https://harbour.example/sixth">Read more</a></p>]]></body:encoded></item>
<item><title>To come</title><guid>https://harbour.example/seventh</guid><pubDate>Fri, 29 Mar 2030 16:00:00 GMT</pubDate>
<body:encoded><![CDATA[<p>keptseventh and so on...</p>]]></body:encoded></item>
<item><title>The same again</title><guid>https://harbour.example/eighth</guid><pubDate>Fri, 05 Apr 2024 16:00:00 GMT</pubDate>
<body:encoded><![CDATA[<p>kepteighth</p>]]></body:encoded></item>
<item><title>The same again</title><guid>https://harbour.example/eighth</guid><pubDate>Fri, 05 Apr 2024 16:00:00 GMT</pubDate>
<body:encoded><![CDATA[<p>kepteighth</p>]]></body:encoded></item>
</channel></rss>""".encode("latin-1")

PLAIN_RSS = """<rss version="0.92"><channel><title>Plain &nbsp; one & only</title><link>https://plain.example</link>
<item><title>One</title><link>https://plain.example/1</link><pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>
<description>keptline one\nkepttwo AT&amp;T\n\nkeptparagraph</description></item>
<item><title>Two</title><link>https://plain.example/2</link><pubDate>Mon, 08 Jan 2024 10:00:00 GMT</pubDate>
<description>kepttrailing words…</description></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?>
<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app" xmlns:thr="http://purl.org/syndication/thread/1.0"
 xml:base="https://lighthouse.example/blog/" xml:lang="de">
<a:title>keptletter</a:title><a:subtitle>kepttagline</a:subtitle><a:rights>keptrights</a:rights>
<a:link rel="self" href="https://lighthouse.example/blog/atom.xml"/><a:link href="https://lighthouse.example/blog/"/>
<a:link rel="next" href="https://lighthouse.example/blog/keptpage2.xml"/>
<a:author><a:name>keptauthor</a:name><a:email>secretmail@lighthouse.example</a:email></a:author>
<a:entry><a:id>tag:lighthouse.example,2024:keptid</a:id><a:title type="html">Lamps &amp;amp; &lt;em&gt;kepttitle&lt;/em&gt;</a:title>
<a:link href="lamps/"/><a:published>2024-03-01T18:30:00+02:00</a:published><a:updated>2025-01-01T00:00:00Z</a:updated>
<a:category term="x" label="keptlabel"/><a:category term="keptterm"/><a:summary>keptsummary</a:summary>
<a:link rel="enclosure" type="audio/mpeg" length="12345" href="https://media.example/keptaudio.mp3?token=1&amp;x=2"/>
<a:link rel="via" href="https://else.example/keptvia"/>
<a:content type="xhtml" xml:base="lamps/"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>keptxhtml &lt;b&gt; <h:a href="keptnear">keptlink</h:a>
<h:img src="../lamp.png" alt="keptalt"/><h:br/><h:em>keptemphasis</h:em> kepttail</h:p></h:div></a:content></a:entry>
<a:entry><a:id>urn:uuid:2</a:id><a:title>Only changed</a:title><a:link href="https://lighthouse.example/blog/two"/>
<a:updated>2024-03-08T18:30:00Z</a:updated><a:content type="html">&lt;p&gt;kepthtml &lt;a href="keptfar"&gt;x&lt;/a&gt;&lt;/p&gt;</a:content></a:entry>
<a:entry><a:id>urn:uuid:3</a:id><a:title>A draft</a:title><a:updated>2024-03-09T18:30:00Z</a:updated><a:published>2024-03-09T18:30:00Z</a:published>
<app:control><app:draft>yes</app:draft></app:control><a:content>keptplain &lt;text&gt;</a:content></a:entry>
<a:entry><a:id>urn:uuid:4</a:id><a:title>Summary only</a:title><a:published>2024-03-10T18:30:00Z</a:published>
<a:summary type="html">&lt;p&gt;keptteaser&lt;/p&gt;</a:summary></a:entry>
<a:entry><a:id>urn:uuid:5</a:id><a:title>Elsewhere</a:title><a:published>2024-03-11T18:30:00Z</a:published>
<a:content src="https://lighthouse.example/five.pdf" type="application/pdf"/></a:entry>
<a:entry><a:id>urn:uuid:6</a:id><a:title>Re: lamps</a:title><a:published>2024-03-12T18:30:00Z</a:published>
<thr:in-reply-to ref="urn:uuid:2"/><a:content>secretcomment</a:content></a:entry>
<a:entry><a:id>tag:blogger.com,1999:blog-1.settings</a:id><a:title>Settings</a:title><a:published>2024-03-12T18:30:00Z</a:published>
<a:category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#settings"/>
<a:content>secretsetting</a:content></a:entry>
</a:feed>"""

PODCAST = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/DTDs/Podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0"
 xmlns:psc="http://podlove.org/simple-chapters"><channel><title>Fog talk</title><link>https://fog.example</link>
<description>kepttagline</description><itunes:author>keptspeaker</itunes:author>
<itunes:owner><itunes:name>keptspeaker</itunes:name><itunes:email>fog@fog.example</itunes:email></itunes:owner>
<itunes:image href="https://fog.example/keptcover.jpg"/><itunes:category text="Science"/>
<item><title>One</title><guid isPermaLink="false">Buzzsprout-keptguid</guid><pubDate>Fri, 01 Mar 2024 06:00:00 -0500</pubDate>
<enclosure url="https://media.example/one.mp3?source=feed&amp;kepttoken=1" length="7531" type="audio/mpeg"/><itunes:duration>7:28</itunes:duration>
<itunes:episode>12</itunes:episode><itunes:season>2</itunes:season><itunes:image href="https://fog.example/keptpicture.jpg"/>
<itunes:keywords>keptfog, keptsea</itunes:keywords><description>keptnotes\n\nhttps://fog.example/keptaddress</description>
<itunes:subtitle>keptsubtitle</itunes:subtitle><podcast:transcript url="https://fog.example/kepttranscript.vtt" type="text/vtt"/>
<podcast:chapters url="https://fog.example/keptchapters.json" type="application/json+chapters"/></item>
<item><title>Two</title><guid>two</guid><pubDate>Fri, 08 Mar 2024 06:00:00 -0500</pubDate><itunes:duration>448</itunes:duration>
<enclosure url="https://media.example/two.m4a" length="" type=""/><itunes:episodeType>trailer</itunes:episodeType>
<itunes:episode>twelve</itunes:episode><description>kepttwo</description>
<psc:chapters><psc:chapter start="00:00:10" title="keptchapter"/></psc:chapters></item>
<item><title>Three</title><guid>three</guid><pubDate>Fri, 15 Mar 2024 06:00:00 -0500</pubDate><itunes:duration>00:07:28</itunes:duration>
<enclosure url="https://media.example/keptfilm.mp4" length="9" type="video/mp4"/><description>keptthree</description></item>
</channel></rss>"""

BOMB = """<?xml version="1.0"?><!-- a feed --><!DOCTYPE rss [ <!ENTITY a "aaaaaaaaaa"> <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY file SYSTEM "file:///etc/passwd"> ]><rss version="2.0"><channel><title>&b;</title><item><title>&file;</title></item></channel></rss>"""

TORN = """<rss version="2.0"><channel><title>Torn</title><item><title>One</title><guid>1</guid><pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>
<description>keptone</description></item><item><title>Two</title><guid>2</guid><pubDate>Mon, 08 Jan 2024 10:00:00 GMT</pubDate>
<description>kepttwo"""
