"""Small files of each format, written for these tests, with what becomes of each item."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

GIFT = """// [tag:algebra]
::Sum::What is 2 + 2? {=4 ~3 ~5}

::Truth::The sun is a star. {T}

::Number::What is pi to two places? {#3.14:0.01}

::Capital::The capital of France? {=Paris =paris}

::Pairs::Match the words. {=cat -> Katze =dog -> Hund}

::Parts::Which are even? {~%50%2 ~%50%4 ~%-100%3}

::Essay::Say what you think. {}

::Blank::A text without a question.
"""
GIFT_OUTCOMES = ["lossless"] * 4 + ["changed"] * 2 + ["refused"] * 2

AIKEN = """What is the largest planet?
A. Mars
B. Jupiter
ANSWER: B

Which key is missing?
A. One
B. Two
ANSWER: D
"""
AIKEN_OUTCOMES = ["lossless", "refused"]

CSV = """question,option a,option b,answer,explanation,shelf
What is 2 + 2?,3,4,B,Two and two are four.,
The earth is flat.,True,False,B,,
Which is red?,A rose,Grass,A,,top
Which has no key?,One,Two,,,
"""
CSV_OUTCOMES = ["lossless", "lossless", "changed", "refused"]


def moodle(*questions: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{"".join(questions)}</quiz>'


def asked(kind: str, inner: str, text: str = "What is 2 + 2?") -> str:
    return (
        f'<question type="{kind}"><name><text>{kind}</text></name><questiontext format="html"><text>'
        f"<![CDATA[<p>{text}</p>]]></text></questiontext>{inner}</question>"
    )


def answer(fraction: str, text: str) -> str:
    return f'<answer fraction="{fraction}" format="plain_text"><text>{text}</text></answer>'


MOODLE = moodle(
    '<question type="category"><category><text>$course$/top/Sums</text></category></question>',
    asked("multichoice", "<single>true</single>" + answer("100", "four") + answer("0", "five")),
    asked("truefalse", answer("100", "true") + answer("0", "false")),
    asked("numerical", "<answer fraction='100'><text>4</text><tolerance>0.5</tolerance></answer>"),
    asked(
        "multichoice", "<single>true</single>" + answer("100", "4") + answer("50", "3") + answer("0", "9"), "Partly?"
    ),
    asked("essay", ""),
    asked("calculated", ""),
)
MOODLE_OUTCOMES = ["lossless", "lossless", "lossless", "changed", "refused", "refused"]


def item12(ident: str, text: str, kind: str = "multiple_choice_question") -> str:
    return (
        f'<item ident="{ident}" title="{text}"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type'
        f"</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation>"
        f'<material><mattext texttype="text/plain">{text}</mattext></material><response_lid ident="response1" '
        'rcardinality="Single"><render_choice><response_label ident="1"><material><mattext texttype="text/plain">four'
        '</mattext></material></response_label><response_label ident="2"><material><mattext texttype="text/plain">five'
        "</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing><outcomes>"
        '<decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes><respcondition continue="No">'
        '<conditionvar><varequal respident="response1">1</varequal></conditionvar><setvar action="Set" varname="SCORE">100'
        "</setvar></respcondition></resprocessing></item>"
    )


def qti12(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment ident="a" title="Sums"><section ident="s">{"".join(items)}</section></assessment></questestinterop>'
    )


QTI12 = qti12(item12("one", "What is 2 + 2?"), item12("two", "Say what you think.", "essay_question"))
QTI12_OUTCOMES = ["lossless", "refused"]

QTI2 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="sum" title="Sum" adaptive="false"
 timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>A</value></correctResponse></responseDeclaration><itemBody><p>A sum of two numbers.</p>
<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>What is 2 + 2?</prompt>
<simpleChoice identifier="A">four</simpleChoice><simpleChoice identifier="B">five</simpleChoice></choiceInteraction>
</itemBody><responseProcessing
 template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>
"""
QTI2_OUTCOMES = ["lossless"]

SAMPLES = {
    "bank.gift": (GIFT, GIFT_OUTCOMES),
    "bank.txt": (AIKEN, AIKEN_OUTCOMES),
    "bank.csv": (CSV, CSV_OUTCOMES),
    "moodle.xml": (MOODLE, MOODLE_OUTCOMES),
    "canvas.xml": (QTI12, QTI12_OUTCOMES),
    "item.xml": (QTI2, QTI2_OUTCOMES),
}


def packed(files: dict[str, str]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()
