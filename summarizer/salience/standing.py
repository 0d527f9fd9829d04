"""Tells whether a source sentence can stand in a brief: by itself, only behind the one it points at, or not at all.

Comes before ``choose``. It reads English; a sentence of another language is taken to stand by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MAX_QUOTED_SENTENCES = 3
"""A quotation that goes on for longer has most likely lost its last mark."""
MAX_ASIDE_CHARS = 60
"""A longer line without a stop at its end may still be a sentence whose stop was lost."""

_OPENING = r"^[\s\"“”‘'’(\[?–—-]*"

# Joins on to what was said before.
_JOINED = re.compile(
    _OPENING
    + r"(?:But|And|Or|So|Yet|However|Also|Moreover|Furthermore|Additionally|Besides|Instead|Nevertheless|Nonetheless|"
    r"Still|Then|Thus|Therefore|Hence|Consequently|Meanwhile|Similarly|Likewise|Conversely|Otherwise|Indeed|Afterwards?|"
    r"Later|Thereafter|Subsequently|Finally|Elsewhere|Separately|Accordingly|Rather|Even so|Either way|Plus|Nor|"
    r"In (?:addition|contrast|return|turn|response|fact|other words|the meantime|this case|that case|this regard)|"
    r"In reply|"
    r"As (?:a result|such)|At the same time|On the (?:other hand|contrary)|For (?:example|instance)|That said|"
    r"After (?:that|this)|Before (?:that|this)|Because of (?:that|this)|Despite (?:that|this|it)|By then|Since then|"
    r"Until then|Among (?:them|these|those)|Of (?:these|those|them)|Following (?:this|that)|To this end|"
    r"(?:Asked|Pressed|Questioned) (?:about|whether|if|why|how)|When asked|Not only that|What(?:'|’)s more|"
    r"More(?: importantly)?,)\b"
)
# Names nobody itself: he, this, such a move.
_POINTER = re.compile(
    _OPENING
    + r"(?:(?:(?:According|Prior|Due|Thanks|In addition|In response) to|For|With|In|On|At|By|From|Like|After|Under|"
    r"While|When|If|As|Although|Though|Because|Since|Before|Until|Once|Where|Unless|Except)\s+)?"
    r"(?:He|he|She|she|They|they|Him|him|Her|her|His|his|Their|their|Theirs|Them|them|Its|its|These|these|Those|those|"
    r"This(?!\s+(?:year|week|month|morning|summer|winter|autumn|spring|season)\b)|"
    r"this(?!\s+(?:year|week|month|morning|summer|winter|autumn|spring|season)\b)|Such|such|Both|both|"
    r"[Tt]he (?:former|latter|same|two|three|duo|pair|trio|couple|others?)|[Aa]nother|[Oo]thers?|[Oo]ne of "
    r"(?:them|these|those)|Neither|Each of|Some of (?:them|these|those)|That\s+(?!(?:\w+\s+){0,3}(?:is|was)\s+why\b))\b"
)
_IT = re.compile(_OPENING + r"[Ii]t(?:['’]s|['’]ll|['’]d)?\b")
# "It is/was ... that", "It remains to be seen": points at nothing.
_EMPTY_IT = re.compile(
    _OPENING
    + r"[Ii]t(?:['’]s|\s+(?:is|was|will be|has been|would be|remains|appears|seems|turns out|emerged|comes|came|takes|"
    r"took))\b[^.]{0,90}\b(?:that|who|whether|to|when|as|after)\b"
)
# "The move", "The accused": a thing by its kind, which only an earlier sentence can name.
_KINDS = (
    "accident|accused|action|actor|actress|agency|agreement|allegations?|alliance|amount|announcement|appeal|arrests?|"
    "article|association|attack|attackers?|author|authorities|ban|bench|bill|blast|blaze|body|bodies|boy|campaign|case|"
    "charges?|chief|child|children|claims?|club|collision|comments?|committee|companies|company|complainant|complaint|"
    "conference|couple|court|crash|crime|crowd|deal|death|deaths|deceased|decision|defendants?|delay|development|"
    "director|disaster|dispute|document|driver|duo|event|exercise|explosion|facility|family|film|find|findings|fire|"
    "firm|flight|game|gang|girl|group|hospital|incident|initiative|injured|investigation|investigators|issue|judges?|"
    "killings?|law|lawsuit|lawyer|letter|man|manager|match|matter|measures?|meeting|men|minister|minor|ministry|"
    "mission|money|mother|father|move|movie|murder|news|notice|notification|offence|offer|officers?|official|officials|"
    "operation|order|organi[sz]ation|outlet|pact|page|panel|paper|parents|party|passengers?|patient|payment|petition|"
    "petitioner|photos?|pictures?|plan|plane|player|plea|police|policy|post|practice|probe|procedure|process|product|"
    "programme|program|project|proposal|protests?|protesters|publication|raids?|rally|remarks?|report|reports|request|"
    "researchers|resolution|revelations?|rule|rules|ruling|sale|scheme|school|sentence|series|service|shooting|"
    "shooter|show|singer|site|situation|spokesman|spokesperson|spokeswoman|star|statement|statements|step|storm|story|"
    "strikes?|study|suit|survey|suspects?|suspension|talks|team|test|threat|tournament|tragedy|trial|trip|trust|tweet|"
    "unrest|vehicle|verdict|victims?|video|visit|vote|website|winner|witness|woman|women|worker|workers|"
    r"(?:\d+|\w+teen|twenty|thirty|forty|fifty)[- ]year[- ]old"
)
_KIND = re.compile(
    _OPENING + rf"The (?:(?:new|latest|same|whole|entire|alleged|proposed|\d+) )?(?:{_KINDS})\b(?![-'’])"
)
_SAYS = r"(?:said|says|added|adds|told|wrote|explained|noted|continued|tweeted|asked|insisted|stressed|argued|recalled)"
# A quotation whose speaker is a pronoun, or that goes on from one.
_SPEAKER = re.compile(rf"[\"”’'?,]\s*(?:(?:[Hh]e|[Ss]he|[Tt]hey)\s+(?:also\s+)?{_SAYS}|{_SAYS}\s+(?:he|she|they))\b")
# "Last week he told": a person's pronoun with no name before it that it could stand for.
_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im)\b")
_NO_NAME = (
    r"I|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|"
    r"November|December|In|On|At|By|For|From|To|Of|With|Without|Within|After|Before|When|Whenever|While|As|If|Since|"
    r"Though|Although|Because|Until|Unless|During|Despite|Under|Over|Through|Throughout|Among|Between|Against|Amid|"
    r"Following|According|Speaking|Asked|Born|Having|Being|Once|Now|Today|Yesterday|Earlier|Last|Next|Only|Even|Just|"
    r"Not|Never|Perhaps|Soon|There|Here|Where|What|Why|How|Who|Whether|One|Two|Three|The|A|An|Some|Most|Many|All|Every"
)
_NAME = re.compile(rf"(?<![\w'’-])(?!(?:{_NO_NAME})\b)[A-Z][\w.'’-]+")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
# Somebody speaks whose quotation began before.
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|I['’]ve|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s)\b")
_ALSO = re.compile(_OPENING + r"(?:[\w.'’-]+\s+){1,5}also\b")
_BARE_QUOTE = re.compile(r"^\s*[\"“‘'?][^\"”]*[\"”’'?]?\s*$")

_ASIDE = re.compile(
    r"^\W*(?:Read|See|Watch|Listen|Also read|READ|ALSO READ|WATCH|SEE|MORE|LIVE|VIDEO|PHOTOS?|Photo|Image|Picture|"
    r"File photo|FILE|Caption|Getty|Reuters|AP Photo|Source|Credit|Updated?|Published|Posted|By|Share this|Follow us|"
    r"Subscribe|Sign up|Click here|Download|Advertisement|ADVERTISEMENT|Related|Highlights?|Tags?|Topics?)"
    r"(?:\s*[:|]|\s+(?:more|also|caption|copyright|courtesy|by|via|here)\b)"
    r"|\b(?:contributed to this (?:report|story|article)|All rights reserved|Getty Images|Image (?:copyright|caption)|"
    r"(?:AP|AFP|PTI|Reuters|File) [Pp]hoto|[Cc]lick here|[Ss]ubscribe to|[Ss]ign up (?:for|to) (?:our|the)|"
    r"[Ff]ollow us on|download our app|newsletter)\b"
    r"|^\W*(?:Story highlights|Share this|Read more|Advertisement|Copyright|©)",
)
_BYLINE = re.compile(
    r"^\W*(?:By|BY|Written by|Reported by|Edited by|Posted by)\s+[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+){0,4}\W*$"
)
_PICTURED = re.compile(
    r"\((?:left|right|centre|center|above|below|pictured|top|L|R|C|[Ff]ile photo|[Pp]hoto|[Ii]mage)\b"
)
_ENDS = re.compile(r"[.!?…。！？][\"”’'»)\]?]*$")
_LETTER = re.compile(r"[^\W\d_]")


def is_story(text: str) -> bool:
    """Return whether a sentence is the story's own: no byline, caption, heading, advert or pointer to other stories."""
    text = " ".join(text.split())
    if not _LETTER.search(text) or _ASIDE.search(text) or _BYLINE.match(text) or _PICTURED.search(text):
        return False
    return bool(_ENDS.search(text)) or (len(text) > MAX_ASIDE_CHARS and not text.isupper())


def points_back(text: str) -> bool:
    """Return whether a sentence can be understood only behind the one that it stands behind in the source."""
    text = " ".join(text.split())
    if any(form.match(text) for form in (_JOINED, _POINTER, _KIND, _ALSO, _BARE_QUOTE)) or _SPEAKER.search(text):
        return True
    if _IT.match(text) and not _EMPTY_IT.match(text):
        return True
    own = _QUOTED.sub(" ", text)
    pronoun = _PRONOUN.search(own)
    if pronoun and not _NAME.search(own, 0, pronoun.start()):
        return True
    return bool(_FIRST_PERSON.search(own))


def leans_on(texts: Sequence[str], is_english: bool) -> list[tuple[int, ...]]:
    """Return for each sentence the indices of those that must be chosen too; () where it stands by itself.

    A sentence that points back needs the one before it; of a quotation that goes on over several sentences each needs
    the others. The first sentence has nothing before it that it could point to.
    """
    needed: list[set[int]] = [set() for _ in texts]
    for quotation in _quotations(texts):
        for index in quotation:
            needed[index] |= set(quotation) - {index}
    for index, text in enumerate(texts):
        if is_english and index and points_back(text):
            needed[index].add(index - 1)
    return [tuple(sorted(others)) for others in needed]


def is_half_quoted(text: str) -> bool:
    """Return whether a quotation mark of a sentence has no partner in it."""
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def _quotations(texts: Sequence[str]) -> Iterator[range]:
    """Yield the runs of sentences that a quotation mark opens and only a later sentence of them closes."""
    begun = None
    for index, text in enumerate(texts):
        if not is_half_quoted(text):
            continue
        opens, closes = text.count("“"), text.count("”")
        if begun is not None and index - begun < MAX_QUOTED_SENTENCES and opens <= closes:
            yield range(begun, index + 1)
            begun = None
        else:
            begun = index if opens >= closes else None
