from __future__ import annotations

import codecs

import pytest

from summarizer.read.encoding import binary_kind, detect, is_damaged_utf8, wide_codec

WRAP = '{"id": "1", "title": "News", "text": "%s"}'
TEXTS = {
    "french": ("cp1252", "Le ministre a déclaré hier que la coopération serait renforcée dès l'été prochain."),
    "french, short": ("latin-1", "Un café à Besançon"),
    "spanish": ("latin-1", "El Gobierno español anunció ayer más inversión para el año próximo."),
    "german": ("latin-1", "Die Länder wollen über größere Züge für die Grenzstädte verhandeln, hieß es."),
    "german, short": ("latin-1", "Größere Züge"),
    "quotation marks": ("cp1252", "The minister said “we will not wait” — and left."),
    "apostrophe": ("cp1252", "It’s over."),
    "portuguese": ("latin-1", "A reunião não terminou; as decisões serão tomadas amanhã na região."),
    "dutch": ("cp1252", "De coördinatie duurt één jaar, zeiden geïnteresseerde bedrijven."),
    "swedish": ("latin-1", "Regeringen sade på onsdagen att förhandlingarna fortsätter nästa år."),
    "danish": ("latin-1", "Forhandlingerne fortsætter næste år på øen."),
    "icelandic": ("latin-1", "Ríkisstjórnin sagði að viðræður héldu áfram á næsta ári, þótt óvíst væri."),
    "names in english": ("latin-1", "Mr José met Zoë in São Paulo, and the fiancé of Müller left."),
    "polish": ("cp1250", "Rząd ogłosił w środę, że rozmowy o współpracy będą kontynuowane."),
    "polish, iso": ("iso8859-2", "Rząd ogłosił w środę, że rozmowy o współpracy będą kontynuowane."),
    "czech": ("cp1250", "Vláda ve středu oznámila, že jednání budou pokračovat příští měsíc."),
    "hungarian": ("cp1250", "A kormány bejelentette, hogy az együttműködésről szóló tárgyalások jövőre folytatódnak."),
    "romanian": ("cp1250", "Ministrul a declarat că discuţiile vor continua şi că firmele vor face oferte."),
    "turkish": (
        "cp1254",
        "Bakan, işbirliği görüşmelerinin gelecek yıl süreceğini ve şirketlerin çağrı yapacağını açıkladı.",
    ),
    "lithuanian": ("cp1257", "Ministras pranešė, kad derybos bus tęsiamos kitąmet, o įmonės pateiks pasiūlymus."),
    "russian": ("cp1251", "Министр сообщил, что переговоры о поставках газа продолжатся в следующем году."),
    "russian, short": ("cp1251", "Переговоры продолжатся"),
    "russian, koi8": ("koi8-r", "Министр сообщил, что переговоры о поставках газа продолжатся в следующем году."),
    "russian, dos": ("cp866", "Министр сообщил, что переговоры о поставках газа продолжатся в следующем году."),
    "ukrainian": ("cp1251", "Міністр повідомив, що переговори про постачання газу триватимуть наступного року."),
    "greek": ("cp1253", "Ο υπουργός ανακοίνωσε ότι οι συνομιλίες για την ενέργεια θα συνεχιστούν."),
    "hebrew": ("cp1255", "השר הודיע כי שיחות האנרגיה יימשכו בשנה הבאה."),
    "arabic": ("cp1256", "أعلن الوزير أن محادثات الطاقة ستستمر العام المقبل."),
    "chinese": ("gb18030", "部长宣布能源合作谈判将于明年继续举行。"),
    "chinese, big5": ("big5", "部長宣布能源合作談判將於明年繼續舉行。"),
    "japanese": ("shift_jis", "大臣は来年エネルギー協力の交渉を続けると発表した。"),
    "korean": ("cp949", "장관은 내년에 에너지 협력 협상을 계속할 것이라고 밝혔다."),
}


@pytest.mark.parametrize("wrap", ["%s", WRAP], ids=["bare", "json"])
@pytest.mark.parametrize("name", TEXTS)
def test_detect_reads_wire_copy_right(name: str, wrap: str) -> None:
    encoding, text = TEXTS[name]
    data = (wrap % text).encode(encoding)
    found = detect(data)
    assert found is not None
    assert data.decode(found) == wrap % text


def test_detect_takes_many_western_languages_for_western() -> None:
    names = ("french", "german", "spanish", "swedish", "portuguese", "icelandic")
    assert detect("\n".join(TEXTS[name][1] for name in names).encode("cp1252")) == "cp1252"


def test_detect_takes_latin_1_where_cp1252_lacks_a_byte() -> None:
    assert detect("Un caf\xe9 \x81 \xe0 midi".encode("latin-1")) == "latin-1"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("name", ["french", "russian", "greek"])
def test_wide_codec_is_found_without_a_mark(name: str, codec: str) -> None:
    found = wide_codec((WRAP % TEXTS[name][1]).encode(codec))
    assert found is not None
    assert (found.codec, found.mark, found.is_guess) == (codec, 0, True)


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_wide_codec_is_found_by_its_mark(mark: bytes, codec: str) -> None:
    found = wide_codec(mark + "部长".encode(codec))
    assert found is not None
    assert (found.codec, found.mark, found.is_guess) == (codec, len(mark), False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain",
        "café".encode(),
        b"\x00\x01\x02\x03\x00\x00\x07\x00",
        b'{"text": "a\x00 bc and more"}',
        b'{"text": "ab\x00 c and more"}',
    ],
)
def test_wide_codec_is_none_for_other_bytes(data: bytes) -> None:
    assert wide_codec(data) is None


@pytest.mark.parametrize(
    ("data", "is_damaged"),
    [
        ("Größere Züge".encode() + b"\xff", True),
        ("Größere Züge".encode("latin-1"), False),
        ("Переговоры".encode("cp1251"), False),
        ("Переговоры".encode()[:-1], True),
    ],
)
def test_is_damaged_utf8_tells_damage_from_another_encoding(data: bytes, is_damaged: bool) -> None:
    assert is_damaged_utf8(data) is is_damaged


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n", "PNG"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PAR1", "Parquet"),
    ],
)
def test_binary_kind_names_what_a_file_looks_like(head: bytes, kind: str) -> None:
    assert kind in (binary_kind(head) or "")


def test_binary_kind_is_none_for_text() -> None:
    assert binary_kind(b'{"text": "PNG"}') is None
