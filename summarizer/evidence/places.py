"""Countries, unions, offices and parties, and the words that stand for them: data for comparing names."""

from __future__ import annotations

_GROUPS = """
uk, united kingdom, britain, great britain, british, briton, britons, brit, brits
us, usa, united states, america, american, americans
eu, european union, europe, european, europeans
un, united nations
uae, united arab emirates, emirates, emirati, emiratis
england, english, englishman, englishwoman
scotland, scottish, scot, scots
wales, welsh, welshman
ireland, irish, irishman
northern ireland, northern irish
italy, italian, italians
austria, austrian, austrians
romania, romanian, romanians
bulgaria, bulgarian, bulgarians
albania, albanian, albanians
kosovo, kosovan, kosovar
belarus, belarusian, belarusians
latvia, latvian, latvians
lithuania, lithuanian, lithuanians
estonia, estonian, estonians
nigeria, nigerian, nigerians
kenya, kenyan, kenyans
ghana, ghanaian, ghanaians
ethiopia, ethiopian, ethiopians
somalia, somali, somalis
sudan, sudanese
libya, libyan, libyans
algeria, algerian, algerians
tunisia, tunisian, tunisians
morocco, moroccan, moroccans
zimbabwe, zimbabwean, zimbabweans
uganda, ugandan, ugandans
colombia, colombian, colombians
venezuela, venezuelan, venezuelans
cuba, cuban, cubans
jordan, jordanian, jordanians
indonesia, indonesian, indonesians
malaysia, malaysian, malaysians
singapore, singaporean
cambodia, cambodian, cambodians
france, french, frenchman, frenchwoman
germany, german, germans
spain, spanish, spaniard, spaniards
portugal, portuguese
netherlands, holland, dutch, dutchman
belgium, belgian, belgians
switzerland, swiss
sweden, swedish, swede, swedes
norway, norwegian, norwegians
denmark, danish, dane, danes
finland, finnish, finn, finns
iceland, icelandic
poland, polish, pole, poles
czech republic, czechia, czech, czechs
slovakia, slovak, slovaks
slovenia, slovenian, slovene
hungary, hungarian
croatia, croatian, croat, croats
serbia, serbian, serb, serbs
bosnia, bosnian, bosniak
greece, greek, greeks
cyprus, cypriot, cypriots
turkey, türkiye, turkish, turk, turks
ukraine, ukrainian, ukrainians
russia, russian, russians
soviet union, ussr, soviet
georgia, georgian
armenia, armenian
azerbaijan, azerbaijani, azeri
kazakhstan, kazakh, kazakhs
uzbekistan, uzbek, uzbeks
afghanistan, afghan, afghans
pakistan, pakistani, pakistanis
india, indian, indians
bangladesh, bangladeshi
nepal, nepali, nepalese
sri lanka, sri lankan
myanmar, burma, burmese
thailand, thai, thais
vietnam, vietnamese
philippines, philippine, filipino, filipinos, filipina
china, chinese
hong kong, hongkonger
taiwan, taiwanese
japan, japanese
south korea, south korean, korea, korean
north korea, north korean, korea, korean
israel, israeli, israelis
palestine, palestinian, palestinians
lebanon, lebanese
syria, syrian, syrians
iraq, iraqi, iraqis
iran, iranian, iranians
saudi arabia, saudi, saudis
yemen, yemeni, yemenis
qatar, qatari
kuwait, kuwaiti
egypt, egyptian
congo, congolese, drc
ivory coast, côte d'ivoire, ivorian
south africa, south african
new zealand, new zealander, kiwi
australia, australian, aussie
canada, canadian
mexico, mexican
brazil, brazilian
argentina, argentine, argentinian
peru, peruvian
chile, chilean
paris, parisian
london, londoner, londoners
vatican, holy see
jammu and kashmir, j&k
conservative, conservatives, tory, tories
liberal democrat, liberal democrats, lib dem, lib dems
republican, republicans, gop
democrat, democrats, dems
senate, senator, senators, sen
congress, congressman, congresswoman, congressional
parliament, mp, mps, parliamentary
captain, capt
sergeant, sgt
lieutenant, lt
colonel, col
general, gen
professor, prof
facebook, fb
"""

_BEFORE_COUNTRIES, _AFTER_COUNTRIES = "england,", "paris,"
"""The first line of a single country, and the first that is of none again."""
PLACE_FORMS: dict[str, frozenset[str]] = {}
"""Each form in small letters, and every form that stands for the same place."""
for _line in _GROUPS.strip().splitlines():
    _forms = frozenset(_line.split(", "))
    for _form in _forms:
        PLACE_FORMS[_form] = PLACE_FORMS.get(_form, frozenset()) | _forms

_COUNTRIES = _GROUPS[_GROUPS.index(f"\n{_BEFORE_COUNTRIES}") : _GROUPS.index(f"\n{_AFTER_COUNTRIES}")]
COUNTRIES: dict[str, str] = {}
"""Each form of one word of a country, in small letters, and the first form of that country."""
for _line in _COUNTRIES.strip().splitlines():
    _forms_of_one = _line.split(", ")
    COUNTRIES |= {form: _forms_of_one[0] for form in _forms_of_one if " " not in form and form != "korea"}

SHORT_ROLES = {
    "ceo": frozenset({"chief", "executive"}),
    "cfo": frozenset({"chief", "financial"}),
    "cm": frozenset({"chief", "minister"}),
    "coo": frozenset({"chief", "operating"}),
    "mp": frozenset({"member", "parliament"}),
    "pm": frozenset({"prime", "minister"}),
    "vp": frozenset({"vice", "president"}),
}
"""Acronyms of roles and the words, in whatever letters, that say the same."""

DEMONYM_ENDINGS = ("n", "an", "ans", "ian", "ians", "ns", "i", "is", "ese", "ish", "ic", "er", "ers", "ite", "ites")
"""What makes a place's inhabitant or adjective of its name, or of its name without the last vowels."""

HONORIFICS = frozenset(
    {"mr", "mrs", "ms", "mx", "miss", "dr", "sir", "dame", "lord", "lady", "prof", "rev", "hon", "st", "smt", "shri"}
)
"""Forms of address, which claim nothing."""

_TITLES = """
    academy actor agency air airport archbishop army assembly association attorney authority award bank bishop
    board bridge bureau captain castle center centre chairman chancellor chief church city club coach college
    commission commissioner committee company conservative constable corporation corps council councillor
    county court crown cup defence defense democrat democratic department deputy detective director district
    doctor duke east eastern elder energy executive federal federation field finance first force foreign
    former forum foundation fund general government governor group health high home hospital hotel house
    inspector institute interior international judge justice king labor labour lane leader league liberal
    local lord major manager mayor metropolitan minister ministry mount museum national navy new north
    northern office officer old open opposition palace park parliament party police president prime prince
    princess professor province public queen rail railway region regional republic republican river road royal
    school secretary senate senator senior sergeant south southern speaker sport square stadium star state
    station street superintendent supreme team tory tower town trade transport treasury trust union united
    university valley vice west western world
"""
TITLE_WORDS = frozenset(_TITLES.split())
"""Words of offices, bodies and places: a capitalised run with one of them is not a person's bare name."""
