"""Invented stories of five topics, varied enough that a training has something to learn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

INVENTED_TOPICS = ["astronomy", "baking", "chess", "gardening", "sailing"]
FILL: dict[str, list[str]] = {
    "person": [
        "Ilse Tamm",
        "Oren Vask",
        "Mira Dolan",
        "Pelle Ruud",
        "Anka Serr",
        "Tobin Hale",
        "Lena Quist",
        "Jory Pell",
    ],
    "town": ["Port Arven", "Orma", "Tessvik", "Lower Brand", "Kallen", "Saint Ode", "Harrow Mill", "Vintry"],
    "day": ["Monday", "Tuesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "count": ["four", "nine", "a dozen", "more than thirty", "some fifty", "about two hundred"],
    "sky": ["comet", "crescent moon", "double star", "meteor shower", "nebula", "ring of Saturn", "distant galaxy"],
    "glass": ["telescope", "radio dish", "spectrograph", "observatory dome", "orbiting camera", "star chart"],
    "bread": ["rye loaf", "sourdough", "cinnamon bun", "puff pastry", "almond cake", "flatbread", "plum tart"],
    "oven": ["oven", "rolling pin", "mixing bowl", "proving basket", "piping bag", "cake tin"],
    "piece": ["rook", "bishop", "passed pawn", "queen", "knight", "exchange sacrifice"],
    "match": ["endgame", "opening", "simultaneous display", "blitz round", "league match", "adjourned game"],
    "plant": ["rose bush", "tomato seedling", "apple tree", "lavender bed", "runner bean", "hedge", "tulip border"],
    "tool": ["spade", "compost heap", "watering can", "greenhouse", "pruning knife", "wheelbarrow"],
    "boat": ["yawl", "dinghy", "catamaran", "ketch", "old cutter", "racing sloop"],
    "gear": ["mainsail", "rudder", "keel", "spinnaker", "anchor chain", "mast"],
}
SENTENCES: dict[str, list[str]] = {
    "astronomy": [
        "Watchers in {town} saw the {sky} rise shortly before dawn on {day}.",
        "The university pointed its {glass} at a {sky} that nobody had catalogued.",
        "{person} has measured the light of the {sky} for three winters.",
        "Clouds hid the {sky} for most of the night, and the {glass} stayed shut.",
        "The planet will stand closest to Earth on {day}, {person} calculated.",
        "A new {glass} on the hill lets visitors look at a {sky} for themselves.",
        "The orbit of the {sky} is wider than the first reckoning had it.",
        "Street lamps were switched off so that {count} people could see the {sky}.",
    ],
    "baking": [
        "{person} took the first {bread} out of the oven at four in the morning.",
        "The recipe asks for flour, yeast, a little salt and patience with the {bread}.",
        "{count} bakers brought a {bread} to the contest in {town}.",
        "A draught from the door made the dough sink, and the {bread} came out flat.",
        "The bakery on the market square has bought a second {oven}.",
        "Butter has become dear, so the {bread} is smaller than it was.",
        "{person} kneads by hand and lets the dough rise next to the {oven}.",
        "The judges praised the crust of the {bread} and the crumb of a {bread}.",
    ],
    "chess": [
        "{person} gave up a {piece} on move twenty and won the {match}.",
        "The club of {town} lost the {match} after a blunder with the {piece}.",
        "A draw in the last {match} was enough for {person} to take the title.",
        "With seconds on the clock the grandmaster overlooked a fork by the {piece}.",
        "{person} played {count} boards at once and conceded a single {match}.",
        "The school of {town} teaches every child how the {piece} moves.",
        "Checkmate came in the corner, with a {piece} and a pawn against the king.",
        "Analysts still argue whether the {piece} should have taken in the {match}.",
    ],
    "gardening": [
        "{person} planted a {plant} behind the town hall of {town}.",
        "Frost took the {plant}, and the {tool} was put away until spring.",
        "The allotment society lends a {tool} to anyone who waits for a plot.",
        "Mulch keeps the soil moist around a {plant}, {person} said.",
        "Slugs ate {count} leaves of the {plant} in a single wet night.",
        "Prune the {plant} after it has flowered, not before, the nursery advises.",
        "A {tool} and a bag of seeds are all that the beginners' course asks for.",
        "The {plant} of {person} won the ribbon at the flower show.",
    ],
    "sailing": [
        "The {boat} rounded the buoy off {town} ahead of {count} others.",
        "{person} tore the {gear} in a squall and had to be towed in.",
        "A south-westerly gale kept the {boat} in the harbour until {day}.",
        "The crew reefed early, and the {boat} held its course to the island.",
        "The regatta was called off because the wind had died.",
        "{person} restored the {boat} plank by plank and gave it a new {gear}.",
        "A leak near the {gear} nearly sank the {boat} on its first crossing.",
        "The yacht club of {town} teaches children to tack, to gybe and to capsize.",
    ],
}
NEUTRAL = [
    "It was a quiet week in {town} otherwise.",
    "{person} told the local paper that it had been worth the wait.",
    "The council of {town} gave a small grant for it.",
    "Nobody had expected so many people to come on {day}.",
    "The next date will be announced on {day}, {person} said.",
    "Neighbours complained about the parking, and {count} letters were written.",
    "The mayor of {town} thanked the volunteers.",
    "Last year the weather had spoilt everything.",
]
TITLES = ["Letter from {town}", "{person} does it again", "A {day} in {town}", "{town}: what happened on {day}"]


def invent_stories(
    per_topic: int, seed: int = 1, *, topics: Sequence[str] = INVENTED_TOPICS, most_topics: int = 1
) -> list[dict[str, Any]]:
    """Return rows with ``id``, ``title``, ``text`` and ``topics``, in mixed order.

    :param per_topic: stories whose first topic is each of ``topics``.
    :param most_topics: 1, or 2 so that every third story has a second topic, on which it says two sentences.
    """
    rng = random.Random(seed)
    rows = []
    for i in range(per_topic):
        for topic in topics:
            second = [rng.choice([name for name in topics if name != topic])] if most_topics > 1 and i % 3 == 0 else []
            sentences = rng.sample(SENTENCES[topic], rng.randint(2, 4)) + rng.sample(NEUTRAL, rng.randint(1, 3))
            sentences += [sentence for name in second for sentence in rng.sample(SENTENCES[name], 2)]
            rng.shuffle(sentences)
            text = " ".join(_filled(sentence, rng) for sentence in sentences)
            title = _filled(rng.choice(TITLES), rng)
            rows.append({"id": f"{topic}-{i}", "title": title, "text": text, "topics": [topic, *second]})
    rng.shuffle(rows)
    return rows


def _filled(sentence: str, rng: random.Random) -> str:
    """Put a random filling in each place, another one each time."""
    for place, choices in FILL.items():
        while f"{{{place}}}" in sentence:
            sentence = sentence.replace(f"{{{place}}}", rng.choice(choices), 1)
    return sentence[0].upper() + sentence[1:]
