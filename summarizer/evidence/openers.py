"""Tells an ordinary word at a sentence's start from a name; comes beside ``names``. Data and one question."""

from __future__ import annotations

import re

from summarizer.evidence.places import PLACE_FORMS
from summarizer.evidence.words import Token

_WORDS = """
    access activity actor advice aid air alcohol almost along amid apart army around aviation away besides better
    beware beyond bigger blood born bosses bought brought built bus business buyers cabin campus capital care cash
    cattle caught celebrities chance change chief children chosen clear climate coal coffee cold combined come consent
    consider control cost counsel court crew crime crowd cue culture cup current dad damage data days dead deadlock
    death debt demand despite detail drama drawn drink driven drug dry due earlier early earth economy eight eighteen
    eighty eleven elsewhere energy engine entry ethnic everybody everyone evidence excess export external extra faith
    fans farm fashion feedback fellow few fewer fifteen fifty film filmmaker finally fire fish five flight flood fog
    food football foreign forget form former forty found four free fresh fuel full fund gas given global go gold good
    grain great green ground grown growth guest half hate head health heat heavy held help hence henceforth hidden
    high hit homestay hope hospital host hot hotel house however human hundred hunger hurt ice illegal income indeed
    industry inside instead interest internet iron job kept key knife known labour land large last late later launch
    law lead left legal less let life light little live loan local long lost low lunch made mail mains make male man
    many marketplace mass maybe meanwhile meat media men met metal middle midnight milk mine mob mobile moderate
    modern money month moreover most mother motor much mud mum mummy music nation near nearby nephew net network never
    new next nine nobody none noon north nothing oath often oil old online onto open opposite organic outdoor output
    outright outside overall oxygen pacer pain park pay peace people perhaps pet petrol phone plan plant plastic play
    please plenty police polling poor post power pregnant present press price prime private pro profit proof property
    public put queen quick quiet radio rail rain rank rap rapper rate rather raw real rebel record red regional relief
    rent report research residents rest retail rice rich rise risk rival road rock roof room round row royal rule
    rural rush sacked safe salt save school science sea search seats second see seed seen sent sentence sex share
    sheep shock short shot show shown sick silent since sir site six sleep smaller smart smoke snow social soft
    software soil solar sold soldier somebody someone something sometimes soon sound space spare special speed spent
    sport spread spring staff star start state steel still stock storm stress strike strong student stuff such summer
    sun supply surge suspect taken talk tank task taste taught tax tea team tear technology teen ten test text thanks
    theft thick third thirty thought thousand threat three thrown ticket time tobacco today together told tomorrow
    tonight top torn total tough tour toward towards town track trade traffic train transport travel treat tree trend
    trial trip triple trouble truck trust truth turn tv twelve twenty twice two under unit unless unlike unrest until
    upset urban use veteran via victory video virus visa voluntary vote wage walk war water weak wealth weather web
    week weekend well west whatever wheat whether white whoever whole why wife wild wildlife wind wine winter woman
    won wood wool work world worn worse worst written yellow yes yesterday yet yield young youth zero
"""
_ORDINARY = frozenset(_WORDS.split())
# "Striker", "Former", "Notably", "Two-time", "Relatives", "Moisture", "Payment".
_ENDING = re.compile(
    r"-|(?:er|or|ist|m[ae]n|ing|ed|ian|ants?|ive|ly|s|ion|ment|ness|ity|ure|ance|ence|ism|ship|age|al|ic|ful|ess|ble|"
    r"ous|ward|side|where|time|room|way|mate|folk|hood|dom)$"
)


def is_ordinary(token: Token) -> bool:
    """Return whether a capitalised word that the article lacks may be no name, when it opens a sentence.

    What ends like a noun or a verb is let pass: a name is called ordinary rather than a word a name.
    """
    key = token.word.key
    if key in PLACE_FORMS:
        return False
    is_whole = token.text.islower() or token.text[1:].islower() or bool(token.word.parts)
    return is_whole and (key in _ORDINARY or bool(_ENDING.search(key)))
