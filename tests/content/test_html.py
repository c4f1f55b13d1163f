"""What a block may hold, and what never comes through."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.html import SCHEMES, TAGS, clean, marks, plain_text, replace_marks

SAFE_ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}


class Seen(HTMLParser):
    """Every tag, attribute and link of a piece of HTML, as a browser would read them."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.links, self.other = set(), set(), [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def harmless(html):
    """Only allowed tags, attributes and links; nothing that a browser would run or fetch."""
    seen = Seen(html)
    assert seen.tags <= TAGS
    assert all(name in SAFE_ATTRIBUTES.get(tag, ()) for tag, name in seen.attributes)
    assert not seen.other
    for link in seen.links:
        assert not link.startswith(("//", "/\\", "\\"))
        assert link.startswith("/") or link.split(":", 1)[0] in SCHEMES
    return True


# --- what stays ----------------------------------------------------------------------------------------------------

KEPT = [
    "<p>Words with <strong>weight</strong> and <em>feeling</em>.<br>More.</p>",
    "<ul><li>one</li><li>two</li></ul>",
    "<ol><li><strong>First.</strong> Then</li></ol>",
    "<h3>Do</h3><ul><li>a</li></ul><h4>Smaller</h4>",
    '<p><a href="claim:dose-much-smaller">smaller</a></p>',
    '<p><a href="term:reservoir">reservoir</a></p>',
    '<p><a href="page:get-help-now">get help</a></p>',
    '<p><a href="tel:911">911</a> <a href="sms:988">text</a></p>',
    '<p><a href="/screening/">the questions</a> <a href="/risks/#note-1">a note</a></p>',
    "<p>5 &lt; 6 &amp; so on</p>",
    "<p>“Quotes”, ’ and no\xa0break; Größe, 薬</p>",
]


@pytest.mark.parametrize("html", KEPT)
def test_what_an_editor_may_write_stays_as_it_is(html):
    assert clean(html).replace("&nbsp;", "\xa0") == html


def test_table_with_caption_and_headings_stays():
    table = (
        '<table><caption>Pumps</caption><thead><tr><th scope="col">Kind</th><th colspan="2">Flow</th></tr></thead>'
        '<tbody><tr><th scope="row" rowspan="2">Fixed</th><td colspan="2">even</td></tr></tbody></table>'
    )
    assert clean(table) == table


def test_cleaning_twice_changes_nothing_more():
    for html in (*KEPT, *XSS.values()):
        once = clean(html)
        assert clean(once) == once


# --- what goes -----------------------------------------------------------------------------------------------------

GOES = {
    "a script": "<p>a<script>alert(1)</script>b</p>",
    "a style": "<p>a<style>p{color:red}</style>b</p>",
    "a style attribute": '<p style="position:fixed">ab</p>',
    "a title and a language": '<p title="x" lang="fr" dir="rtl">ab</p>',
    "a class": '<p class="button" id="x">ab</p>',
    "a comment": "<p>a<!-- b -->b</p>",
    "an image": '<p>a<img src="https://evil.example/x.png" alt="x">b</p>',
    "a picture of ours": '<p>a<img src="/static/img/logo.svg">b</p>',
    "an svg": '<p>a<svg><circle r="1"/><text>x</text></svg>b</p>',
    "an iframe": '<p>a<iframe src="https://evil.example/"></iframe>b</p>',
    "an object": '<p>a<object data="x.swf"></object>b</p>',
    "a handler": '<p onclick="alert(1)">ab</p>',
    "a target": '<p><a target="_blank" rel="opener" href="/risks/" ping="https://evil.example/">ab</a></p>',
}


@pytest.mark.parametrize("what", GOES)
def test_what_nobody_may_write_goes_and_the_words_stay(what):
    cleaned = clean(GOES[what])
    assert harmless(cleaned)
    assert "".join(plain_text(cleaned).split()) == "ab."
    assert cleaned in ("<p>ab</p>", '<p><a href="/risks/">ab</a></p>')


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "http://evil.example/",
        "ftp://evil.example/",
        "blob:https://evil.example/1",
        "relative/page",
        "../admin/",
        "?answer=yes",
        "#anchor",
        "/screening/?answer=yes",
        "/a/../../b",
        "/%2f/evil.example",
        "",
        ":",
        "claim",
    ],
)
def test_link_to_elsewhere_loses_its_address_and_keeps_its_words(address):
    cleaned = clean(f'<p><a href="{address}">words</a></p>')
    assert cleaned == "<p><a>words</a></p>"


XSS = {
    "script": "<script>alert(1)</script>",
    "script with a slash": "<script/src=//evil.example/x.js></script>",
    "script in pieces": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script without an end": "<script>alert(1)",
    "script in other case": "<ScRiPt>alert(1)</sCrIpT>",
    "script after a null": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "image error": "<img src=x onerror=alert(1)>",
    "image without quotes or space": "<img/src=x/onerror=alert(1)>",
    "image with grave accents": "<img src=`x`onerror=alert(1)>",
    "image srcset": '<img srcset="https://evil.example/x 1x">',
    "svg load": "<svg onload=alert(1)>",
    "svg script": "<svg><script>alert(1)</script></svg>",
    "svg animate": '<svg><a><animate attributeName=href values="javascript:alert(1)"/><text>x</text></a></svg>',
    "svg foreign object": "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "svg use": '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"/></svg>',
    "svg style breaks out": "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "math": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "math link": '<math href="javascript:alert(1)">x</math>',
    "nested forms": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "title": '<title><p title="</title><img src=x onerror=alert(1)>">',
    "textarea": '<textarea><img title="</textarea><img src=x onerror=alert(1)>">',
    "xmp": '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "plaintext": "<plaintext><img src=x onerror=alert(1)>",
    "template": "<template><img src=x onerror=alert(1)></template>",
    "comment breaks out": "<!--><img src=x onerror=alert(1)>-->",
    "comment with bang": "<!--!><img src=x onerror=alert(1)>--!>",
    "conditional comment": "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "cdata": "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "processing instruction": '<?xml-stylesheet href="javascript:alert(1)"?>',
    "doctype": "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><p>&y;</p>",
    "body": "<body onload=alert(1)>",
    "base": '<base href="https://evil.example/">',
    "meta refresh": '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "link": '<link rel=stylesheet href="https://evil.example/x.css">',
    "style import": "<style>@import 'https://evil.example/x.css';</style>",
    "style expression": '<p style="width:expression(alert(1))">x</p>',
    "style url": "<p style=\"background:url('https://evil.example/x')\">x</p>",
    "iframe": "<iframe src=javascript:alert(1)></iframe>",
    "iframe srcdoc": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "object": '<object data="javascript:alert(1)"></object>',
    "embed": '<embed src="javascript:alert(1)">',
    "form action": '<form action="javascript:alert(1)"><button>x</button></form>',
    "button action": '<button formaction="javascript:alert(1)">x</button>',
    "input autofocus": "<input autofocus onfocus=alert(1)>",
    "details": "<details open ontoggle=alert(1)>x</details>",
    "video": "<video><source onerror=alert(1)></video>",
    "audio": "<audio src=x onerror=alert(1)></audio>",
    "marquee": "<marquee onstart=alert(1)>x</marquee>",
    "link javascript": '<a href="javascript:alert(1)">x</a>',
    "link with tab": '<a href="java\tscript:alert(1)">x</a>',
    "link with entity": '<a href="java&#115;cript:alert(1)">x</a>',
    "link with a new line entity": '<a href="java&NewLine;script:alert(1)">x</a>',
    "link with a colon entity": '<a href="javascript&colon;alert(1)">x</a>',
    "link with leading control": '<a href="&#1;javascript:alert(1)">x</a>',
    "link data": '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    "link to a host": '<a href="//evil.example/">x</a>',
    "link with backslashes": '<a href="/\\evil.example/">x</a>',
    "link handler": '<a href="/risks/" onmouseover=alert(1)>x</a>',
    "link xlink": '<a xlink:href="javascript:alert(1)">x</a>',
    "mark with a handler": '<a href="claim:x" onclick="alert(1)">x</a>',
    "mark that breaks out": '<a href="claim:x&quot; onclick=&quot;alert(1)">x</a>',
    "mark with a script inside": '<a href="term:x"><script>alert(1)</script>x</a>',
    "mark like javascript": '<a href="page:javascript:alert(1)">x</a>',
    "attribute without quotes": "<p title=x onmouseover=alert(1)>x</p>",
    "attribute with a slash": '<p/onclick="alert(1)">x</p>',
    "table background": '<table background="javascript:alert(1)"><tr><td>x</td></tr></table>',
    "cell script": "<table><tr><td><script>alert(1)</script></td></tr></table>",
    "list out of a table": "<table><a href=javascript:alert(1)><li onclick=alert(1)>x</table>",
    "custom element": "<x-y onclick=alert(1)>x</x-y>",
    "escaped script stays text": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "doubly escaped stays text": "&amp;lt;script&amp;gt;alert(1)",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "lone angle": "<<script>alert(1)//<</script>",
    "unclosed attribute": '<a href="/risks/ onclick="alert(1)>x',
}


@pytest.mark.parametrize("what", XSS)
def test_attack_leaves_nothing_that_runs(what):
    assert harmless(clean(XSS[what]))


@pytest.mark.parametrize("what", XSS)
def test_attack_inside_a_paragraph_and_a_mark_leaves_nothing_that_runs(what):
    assert harmless(clean(f'<p>a {XSS[what]} <a href="claim:x">{XSS[what]}</a></p>'))


def test_there_are_many_attacks_and_the_check_would_see_them():
    assert len(XSS) >= 40
    for what in ("script", "image error", "link javascript", "link to a host", "link handler", "conditional comment"):
        with pytest.raises(AssertionError):
            harmless(XSS[what])


@given(st.text(alphabet="<>/=\"'!-&;: \tabcdhijklnoprstvxy#\x00\\", max_size=120))
def test_any_text_comes_out_harmless(html):
    assert harmless(clean(html))


# --- marks and words -----------------------------------------------------------------------------------------------


def test_marks_are_found_in_order():
    html = '<p><a href="term:b">b</a> <a href="claim:a-1">a</a> <a href="page:c">c</a> <a href="/risks/">r</a></p>'
    assert marks(html) == [("term", "b"), ("claim", "a-1"), ("page", "c")]


def test_marks_survive_the_cleaning_whatever_stood_around_them():
    assert marks(clean('<P><A CLASS="x" TITLE="y" HREF="claim:a" onclick="x">a</A>')) == [("claim", "a")]


def test_only_marks_are_replaced_and_their_words_kept():
    html = '<p><a href="claim:a">so <em>it</em> is</a>, <a href="/risks/">here</a></p>'
    replaced = replace_marks(html, lambda scheme, key, words: f"[{scheme} {key} {words}]")
    assert replaced == '<p>[claim a so <em>it</em> is], <a href="/risks/">here</a></p>'


@pytest.mark.parametrize("key", ["Dose", "dose_small", "refill#top", "a b", "ü"])
def test_mark_with_a_key_of_another_shape_is_still_seen_as_a_mark(key):
    html = clean(f'<p><a href="claim:{key}">words</a></p>')
    assert marks(html) or html == "<p><a>words</a></p>"  # else it is published as a dead link that nobody noticed


def test_plain_text_ends_each_block_like_a_sentence():
    html = "<h3>Do</h3><ul><li>Rest</li><li>Ask why?</li></ul><p>Call <a href='tel:911'>911</a>. Now</p><p></p>"
    assert plain_text(html) == "Do.\nRest.\nAsk why?\nCall 911. Now."


def test_plain_text_shows_characters_not_entities():
    assert plain_text("<p>5 &lt; 6 &amp; “so”</p>") == "5 < 6 & “so”."
