"""Reports that are written on one form every day, each a story of its own. ``rewrites`` puts them on its wire.

Two halves of a measurement have other forms, so that what was chosen on one is seen to hold for forms that nobody has
looked at. Both have forms of which little is fixed and one that is fixed for the most part.
"""

from __future__ import annotations

import random
from collections.abc import Callable

PLACES = ("Arven", "Kell", "Sundby", "Tarn", "Orma", "Halvik")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
SKIES = ("rain", "sun", "snow", "fog", "showers")
FIRST, LAST = ("Jonas", "Mira", "Tove", "Edvin", "Lena", "Pal"), ("Ostrem", "Vekland", "Hardal", "Norby", "Sunde")


def market(chance: random.Random) -> str:
    """Return the report of a stock exchange."""
    way, place, day = chance.choice(("higher", "lower")), chance.choice(PLACES), chance.choice(DAYS)
    text = (
        f"Shares in {place} closed {way} on {day}. The {place} index ended {chance.uniform(0.1, 3):.1f} per cent {way} "
        f"at {chance.randrange(1, 9000)} points. Volume was {chance.randrange(1, 900)} million shares, against "
        f"{chance.randrange(1, 900)} million the day before. Among the blue chips, "
        f"{chance.choice(('Ostra', 'Veska', 'Norby'))} was the most traded. Of the shares in the index "
        f"{chance.randrange(1, 60)} rose and {chance.randrange(1, 60)} fell. The crown was quoted at "
        f"{chance.uniform(5, 9):.2f} to the dollar."
    )
    fixed = ("The exchange opens at nine and closes at five.", "Prices are those of the last trade before the close.")
    return " ".join([text, *fixed[: chance.randrange(3)]])


def landings(chance: random.Random) -> str:
    """Return the report of a fishing harbour."""
    return (
        f"Landings at the harbour of {chance.choice(PLACES)} on {chance.choice(DAYS)}: {chance.randrange(10, 400)} "
        f"tonnes of cod, {chance.randrange(10, 400)} tonnes of herring and {chance.randrange(10, 99)} tonnes of other "
        f"fish. {chance.randrange(3, 40)} boats came in. A kilogram of cod was sold for {chance.randrange(20, 60)} "
        f"crowns, {chance.randrange(1, 9)} crowns {chance.choice(('more', 'less'))} than the day before. The largest "
        f"catch was that of the {chance.choice(('Sea Rose', 'Old Anna', 'Northern Star'))} with "
        f"{chance.randrange(10, 90)} tonnes. The figures are those of the harbour master and are not checked by this "
        "agency. The auction begins at five in the morning and is open to registered buyers only. Buyers who want to "
        "be registered write to the harbour office, which answers within ten days. Fish that is not sold by noon goes "
        "to the factory at the price that the council has set."
    )


def draws(chance: random.Random) -> str:
    """Return the numbers of a lottery; all but them is fixed."""
    *numbers, last = chance.sample(range(1, 50), 6)
    return (
        f"The numbers drawn in the lottery on {chance.choice(DAYS)} were {', '.join(map(str, numbers))} and {last}. "
        f"The bonus number was {chance.randrange(1, 50)}. Winners have ninety days to claim their prize at any office "
        "of the lottery, with the ticket and a proof of who they are. Prizes of more than a thousand crowns are paid "
        "at the head office only. The lottery gives a third of what it takes to clubs and museums. Nobody under "
        "eighteen may play, and those who feel that they play too much can call a number that is free of charge. This "
        "information is given without guarantee."
    )


def weather(chance: random.Random) -> str:
    """Return the forecast of an observatory."""
    least = chance.randrange(-5, 12)
    return (
        f"The weather for {chance.choice(DAYS)}, from the observatory in Orma. A {chance.choice(('high', 'low'))} "
        f"over the {chance.choice(('northern', 'southern', 'western'))} sea brings "
        f"{chance.choice(SKIES)} to the coast and {chance.choice(SKIES)} inland. "
        f"Temperatures lie between {least} and {least + chance.randrange(3, 9)} "
        f"degrees, and at night they fall to {least - chance.randrange(1, 6)} degrees. The wind blows from the "
        f"{chance.choice(('north', 'south', 'east', 'west'))} with {chance.randrange(5, 60)} kilometres an hour. The "
        f"sun rises at {chance.randrange(5, 9)}.{chance.randrange(10, 60)} and sets at {chance.randrange(16, 22)}."
        f"{chance.randrange(10, 60)}. The water of the bay has {chance.randrange(3, 20)} degrees. The observatory does "
        "not answer questions on the telephone. Warnings are given on the radio at every full hour."
    )


def roads(chance: random.Random) -> str:
    """Return a list of those who were hurt on the roads."""
    named = [
        f"{chance.choice(FIRST)} {chance.choice(LAST)}, {chance.randrange(16, 80)}, of {chance.choice(PLACES)}, was "
        f"{chance.choice(('killed', 'injured'))}."
        for _ in range(chance.randrange(1, 5))
    ]
    return (
        f"The police of Tessland have published the list of those who came to harm on the roads on "
        f"{chance.choice(DAYS)}. There were {chance.randrange(5, 60)} accidents, in which {chance.randrange(1, 9)} "
        f"people died and {chance.randrange(5, 70)} were injured. {' '.join(named)} The longest closure, of "
        f"{chance.randrange(2, 9)} hours, was on road {chance.randrange(2, 40)} near {chance.choice(PLACES)}. "
        "Relatives can ask at any station of the police. The list is made each evening at eight from what the stations "
        "report, and it may change when the hospitals have reported too."
    )


def ferries(chance: random.Random) -> str:
    """Return a notice of the ferries; all but times and piers is fixed."""
    return (
        f"The ferries from {chance.choice(PLACES)} leave at {chance.randrange(6, 12)}.{chance.randrange(10, 60)} and "
        f"{chance.randrange(13, 22)}.{chance.randrange(10, 60)} on {chance.choice(DAYS)}, from pier "
        f"{chance.randrange(1, 20)}. Passengers with cars are asked to be at the pier an hour before. Tickets are sold "
        "on board and at the office by the old customs house, where lost things can be fetched too. Dogs travel free "
        "of charge, but must be kept on a lead and away from the restaurant. Groups of more than twelve should tell "
        "the office the day before. When there is a storm, the captain alone decides whether a ferry leaves."
    )


FORMS: dict[str, Callable[[random.Random], str]] = {
    form.__name__: form for form in (market, landings, draws, weather, roads, ferries)
}
REPORTED, CHOOSING = ("market", "landings", "draws"), ("weather", "roads", "ferries")
