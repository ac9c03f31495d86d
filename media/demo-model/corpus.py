"""Reads `data/*.md` and makes conversations of it: who asks, in which words, in which style, and what is answered."""

import re
from pathlib import Path

DATA = Path(__file__).parent / "data"

SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\*\*)|(?<=[.!?]`))\s+(?=[A-Z0-9*`~\"'])")

ABOUT = """what is {n}|what are {n}|what's {n}|what does {n} mean|what is meant by {n}|define {n}|explain {n}|explain {n} to me
can you explain {n}|could you explain {n}|please explain {n}|tell me about {n}|{n}|{n}?|how does {n} work|how do {n} work
what do you know about {n}|describe {n}|I want to know what {n} is|I would like to understand {n}|help me understand {n}
what exactly is {n}|why is {n} important|why does {n} matter|what is {n} good for|what is {n} used for|what is the use of {n}
give me a definition of {n}|what is the idea behind {n}|I do not understand {n}|teach me about {n}|when do I need {n}|when is {n} worth it|should I care about {n}|do I need {n}|which {n} do I need|is {n} any good|can I trust {n}
is {n} the same everywhere|what about {n}|some words about {n}|can you do {n}|who uses {n}|how is {n} used|how good is {n}
what can go wrong with {n}|what does {n} bring me|how important is {n}|how do people use {n}|where do I find {n}|does {n} matter
what happens with {n}|how do I deal with {n}|I read about {n} and did not get it|let us talk about {n}|does {n} help
tell me what {n} is|how would you explain {n}|what should I know about {n}|I keep hearing about {n}|{n} meaning
{n} definition|{n} explained|what is {n} in LLMs|what is {n} in AI|what does {n} do|give me an overview of {n}
I have heard of {n}, what is it|so what is {n}|what is {n} all about|what do people mean by {n}|where is {n} used
what is {n} and why should I care|what is {n} and how does it work|I have a question about {n}|a few words on {n}
who needs {n}|why use {n}|what are the pros and cons of {n}|what makes {n} special|why do people talk about {n}|is {n} hard to understand
what would happen without {n}|what are the limits of {n}|what do I gain from {n}|introduce me to {n}|give me the essentials of {n}
Explain {n} to {a}.|Explain {n} to {a}.|Explain {n} for {a}.|Explain to {a} what {n} is."""

DOING = """how do I {d}|how can I {d}|how to {d}|I want to {d}|where can I {d}|can I {d}|is it possible to {d}|how do you {d}
is there a way to {d}|help me {d}|show me how to {d}|what do I have to do to {d}|what is the best way to {d}|where do I {d}
I would like to {d}|please tell me how to {d}|I need to {d}|{d}|how would I {d}|how does one {d}|what is the way to {d}
what must I click to {d}|which command do I use to {d}|I do not know how to {d}|can you tell me how to {d}|steps to {d}"""

# Ways to ask for a style; the first half may also stand before the question.
STYLES = {
    "short": """in one sentence|in a single sentence|briefly, in one sentence|in one short sentence|one sentence please
answer in one sentence|just one sentence|in a nutshell|in brief|the short version please|keep it to one sentence|briefly""",
    "list": """as a list|as bullet points|in bullet points|as a bullet list|in a list|make it a list|use bullet points
answer with bullet points|list the main points|as a short list|format the answer as a list|give me bullets""",
    "simple": """for a beginner|like I'm five|as if I were five|in simple words|in simple terms|simply|for a newcomer|to a child
in plain language|for a complete beginner|for dummies|ELI5|to a ten-year-old|so that a child understands|without jargon
I am a beginner|to my grandmother|explain it simply|use easy words|with a simple comparison|in layman's terms""",
}

AUDIENCES = {
    "simple": """a beginner|a child|a five-year-old|a ten-year-old|a 10-year-old|a newcomer|a complete beginner|my grandmother
someone new to AI|kids|a student who is new to this|people without technical background|a curious beginner|a novice
a twelve-year-old|my mother|a school class|someone who has never heard of it|a curious teenager|a layperson""",
    "answer": """a software engineer|a developer|an engineer|a programmer|a product manager|a colleague|an expert|a student|my team
a manager|a data scientist|a web developer|a computer science student|an application developer|technical readers|a customer
a busy developer|a senior engineer|a journalist|a designer""",
}

FOLLOW = {
    "more": """tell me more|more|go on|more details please|can you say more|what else|explain further|I want to know more
elaborate|tell me more about it|tell me more about that|continue|anything else I should know|more information please|and what else
can you elaborate|go deeper|say more about this|give me more details""",
    "example": """give an example|give me an example|can you give me an example|for example|show me an example|an example please
do you have an example|like what|example|can you show an example|can you illustrate that|what would that look like
could I have an example|one example please|such as""",
    "simple": """explain it simply|I do not understand|simpler please|explain like I'm five|can you say that in simple words
that is too complicated|ELI5|for a beginner please|what|huh|I don't get it|can you put it more simply|that was too hard
explain it to a child|in simple terms please|now explain it to a beginner|easier please|what does that mean""",
    "short": """shorter|in one sentence|too long|can you summarize that|summarize that in one sentence|the short version|briefly
shorter please|say it in one sentence|can you make it shorter|sum it up|tl;dr|in a nutshell|make it short""",
    "list": """as a list|as bullet points|can you make a list of that|in bullet points please|give me that as a list
now as a list|bullet points please|list it|turn that into a list""",
    "answer": """repeat that|say that again|again please|can you repeat that|what did you say|once more""",
}

BEFORE = """hi,|hello!|hey,|please|ok,|so,|um,|well,|one more question:|quick question:|I am new here.|sorry,|I have a question:|now
question:|could you tell me,|I was wondering,|next question:|and|also,|by the way,|good morning!|please tell me,|dear model,
I am learning about AI.|just curious,|can you tell me,|I read about this today.|my colleague asked me:|thanks!|great!|hmm,"""
AFTER = """please|thanks|thank you|in your own words|here|exactly|I am curious|I would like to know|for my notes|again|actually
tell me|anyone|if I may ask|because I am new|do you know|in general|for an LLM|for language models|these days|in practice"""

# What a prompt file may add to a question without changing which answer fits.
LIMITS = """ Use three sentences.| Use at most 80 words.| Give one example.| Be precise.| Keep it short.| Use clear words.
 Use two or three sentences and one concrete example.| End with a summary.\\nKeep it under 100 words.|\\nKeep it under 100 words.
\\nCover how it works, when it matters and where it goes wrong.|\\nBe brief.|\\nUse no jargon.| Stay under 60 words.
\\nUse an example.|\\nKeep it under 50 words.|\\nCover the main points.| Mention one pitfall."""

# Words that decide nothing; some of them are strewn into questions, so that the words that decide are learned.
STREWN = """really|actually|honestly|maybe|somehow|exactly|basically|today|yesterday|last week|this morning|at work|at school|in our team
in my project|in production|for customers|my friend says|they told me|a blog said|in the docs|in a video|according to the manual|public
private|small|big|old|new|cheap|fast|slow|simple|complex|modern|typical|certain|different|special|several|many|few|some|any|each|both
always|never|often|sometimes|usually|rarely|almost|quite|very|too|also|just|only|even|still|again|already|soon|later|first|next|last
people|users|company|office|laptop|computer|machine|website|server|app|tool|thing|things|stuff|way|idea|problem|trouble|question|reason
need|want|like|use|try|see|find|get|give|take|keep|put|show|know|think|believe|guess|hear|read|heard|seen|made|done|going|looking
good|bad|better|worse|best|right|wrong|true|false|useful|important|hard|easy|strange|weird|cool|nice|great|okay|fine|enough|worth it
16|2|100|2000|0.3|5|32k|1.5|50|2023|3 times|twice|half|double|a lot|a bit|more|less|between|without|instead|because|although|while
me and you|somebody|everyone|nobody|anybody|boss|teacher|customer|colleague|manager|engineer|expert|friend|brother|Anna|Peter
suddenly|apparently|supposedly|currently|together|inside|outside|behind|under|above|around|against|during|within|per|versus|either
please advise|no idea|help me out|not sure|I wonder|I guess|curious|confused|stuck here|a must|a trap|in detail|step|part"""

OPTIONAL = set("a an the is are do does of in to for me my i you please can could exactly this that it".split())


def choices(text):
    """Alternatives between bars and line ends; a written `\\n` is a line break of its own."""
    return [item.replace("\\n", "\n") for line in text.splitlines() for item in line.split("|")]


ABOUT, DOING, BEFORE, AFTER, LIMITS, STREWN = map(choices, (ABOUT, DOING, BEFORE, AFTER, LIMITS, STREWN))
STYLES = {style: choices(text) for style, text in STYLES.items()}
AUDIENCES = {style: choices(text) for style, text in AUDIENCES.items()}
FOLLOW = {style: choices(text) for style, text in FOLLOW.items()}


def entries(name):
    """The entries of a data file: a heading with an id, and below it fields, of which the last line may run on."""
    found = []
    for part in re.split(r"^## ", (DATA / name).read_text(), flags=re.M)[1:]:
        id, _, body = part.partition("\n")
        entry, field = {"id": id.strip()}, None
        for line in body.strip().split("\n"):
            match = re.match(r"(kind|names|do|ask|frame|answer|simple|more|example): ", line)
            if match:
                field = match[1]
                entry[field] = line[match.end() :]
            elif field:
                entry[field] += "\n" + line
        for field in ("names", "do", "ask", "frame"):
            entry[field] = [item.strip().replace("\\n", "\n") for item in entry.get(field, "").split(";") if item.strip()]
        found.append(entry)
    return found


def lists(name):
    parts = re.split(r"^## ", (DATA / name).read_text(), flags=re.M)[1:]
    return {
        part.partition("\n")[0].strip(): [
            item.strip().replace("\\n", "\n") for item in part.partition("\n")[2].split(";") if item.strip()
        ]
        for part in parts
    }


class Corpus:
    def __init__(self, facts):
        """`facts` fills `{size}` and the like: what the texts say about the model itself is taken from the model."""
        files = ["1-basics.md", "2-sampling.md", "3-running.md", "4-prompting.md", "5-playground.md"]
        self.topics = [entry for file in files for entry in entries(file)]
        by_id = {topic["id"]: topic for topic in self.topics}
        more = ("8-more-questions.md", "9-situations.md", "10-plain-words.md")
        for entry in (entry for file in more for entry in entries(file)):
            by_id[entry["id"]]["ask"] += entry["ask"]
        self.talk = entries("6-talk.md")
        self.off = entries("7-off-topic.md")
        self.things, self.systems = lists("things.md"), lists("systems.md")
        for topic in self.topics:
            for field in ("answer", "simple", "more", "example"):
                for name, value in facts.items():
                    topic[field] = topic[field].replace("{" + name + "}", str(value))
            sentences = SENTENCE_END.split(topic["answer"])
            topic["short"] = sentences[0]
            has_list = "\n- " in topic["answer"]
            topic["list"] = topic["answer"] if has_list else "\n".join("- " + sentence for sentence in sentences)

    def texts(self):
        """Everything once, for the tokenizer."""
        for entry in self.topics:
            yield from (entry[field] for field in ("answer", "simple", "more", "example"))
        for entry in self.topics + self.talk + self.off:
            yield entry["answer"]
            for question in entry["names"] + entry["do"] + entry["ask"] + entry["frame"]:
                yield question
                yield " " + question
        for group in (LIMITS, ABOUT, DOING, BEFORE, AFTER, *STYLES.values(), *AUDIENCES.values(), *FOLLOW.values()):
            yield from group
        yield from (text for group in self.systems.values() for text in group)

    def conversation(self, rng):
        """Messages as (role, text), of which every assistant's text is to be learned."""
        kind = rng.random()
        style = rng.choices(["answer", "short", "list", "simple", "example"], [55, 13, 10, 17, 5])[0]
        messages, system = [], self.system(rng, style)
        if system:
            messages.append(("system", system[0]))
            style = system[1]
        if kind < 0.67:
            topic = rng.choice(self.topics)
            question, style = self.question(rng, topic, style, bool(system and system[2]))
            return messages + [("user", self.noisy(rng, question)), ("assistant", topic[style])]
        if kind < 0.87:
            return messages + self.aside(rng, self.off)
        if kind < 0.92:
            return messages + self.aside(rng, self.talk)
        forced = style if system and system[2] else None
        return messages + self.dialogue(rng, forced)

    def system(self, rng, style):
        """None, or the text, the style that holds, and whether the system message is what asks for it."""
        if rng.random() < 0.7:
            return None
        plain = self.systems["plain"]
        if style in self.systems and rng.random() < 0.5:
            text = rng.choice(self.systems[style])
            return (text if rng.random() < 0.6 else rng.choice(plain) + " " + text), style, True
        return " ".join(rng.sample(plain, rng.choice([1, 1, 1, 1, 2]))), style, False

    def question(self, rng, topic, style, settled=False):
        """A question for `topic` that asks for `style` (unless that is `settled`), and the style of its answer."""
        forms = (["about"] * 4 if topic["names"] else []) + (["do"] * 3 if topic["do"] else [])
        form = rng.choice(forms + ["ask"] * 10)
        if style == "example" and not settled:
            if not topic["names"]:
                return self.question(rng, topic, "answer")
            name = rng.choice(topic["names"])
            return rng.choice(["give me an example of {}", "an example of {} please", "what is an example of {}",
                               "show me an example for {}", "example of {}", "can you give an example for {}"]).format(name), style
        if form == "about":
            frame = rng.choice(ABOUT)
            if "{a}" in frame:
                if style not in AUDIENCES and not settled:
                    style = rng.choice(["simple", "answer"])
                audience = rng.choice(AUDIENCES.get("answer" if settled else style, AUDIENCES["answer"]))
                text = frame.format(n=rng.choice(topic["names"]), a=audience)
                if rng.random() < 0.4 and style in ("answer", "simple"):
                    text += rng.choice(LIMITS)
                return text, style
            text = frame.format(n=rng.choice(topic["names"]))
        elif form == "do":
            text = rng.choice(DOING).format(d=rng.choice(topic["do"]))
        else:
            text = rng.choice(topic["ask"])
        if style == "answer" or settled:
            return text, style
        wish = rng.choice(STYLES[style])
        if rng.random() < 0.25:
            return f"{wish}{rng.choice([': ', ', ', ' '])}{text}", style
        return f"{text}{rng.choice([' ', ' ', ' ', ', ', '? ', '. '])}{wish}", style

    def aside(self, rng, group):
        """A question outside the field, or small talk; of a `stranger`, whose words are cut into more pieces than usual."""
        often = {"unknown": 6, "text-work": 2, "write": 1.5, "greet": 2, "thanks": 2}
        entry = rng.choices(group, [often.get(entry["id"], 1) for entry in group])[0]
        frames = entry["frame"] if rng.random() < 0.75 else []
        if frames and rng.random() < 0.25:  # The shapes of the sample prompts.
            frames = [frame for frame in frames if "{audience}" in frame or "\n" in frame] or frames
        text = rng.choice(frames or entry["ask"])
        while match := re.search(r"\{(thing|person|place|food|sentence|number|audience|activity|deed|count|fact)\}", text):
            text = text[: match.start()] + self.thing(rng, match[1]) + text[match.end() :]
        if entry["id"] == "text-work" and rng.random() < 0.1:
            shots = [("user", self.thing(rng, "sentence")), ("shot", rng.choice(self.things["shot"]))]
            shots += [("user", self.thing(rng, "sentence")), ("shot", rng.choice(self.things["shot"]))]
            return shots + [("user", self.thing(rng, "sentence")), ("assistant", entry["answer"])]
        if entry in self.off and rng.random() < 0.1:
            style = rng.choice(list(STYLES))
            text += " " + rng.choice(STYLES[style])
        return [("stranger", self.noisy(rng, text)), ("assistant", entry["answer"])]

    def thing(self, rng, kind):
        if kind == "audience":
            return rng.choice(AUDIENCES[rng.choice(list(AUDIENCES))])
        if kind == "number":
            return str(rng.choice([rng.randrange(10), rng.randrange(100), rng.randrange(2000)]))
        if kind != "sentence" and rng.random() < 0.2:
            return "".join(rng.choice("bcdfghklmnprstvwz") + rng.choice("aeiou") for _ in range(rng.randint(1, 3))) + rng.choice(
                ["", "n", "r", "x", "ck", "st", "ng"])
        return rng.choice(self.things[kind])

    def dialogue(self, rng, style):
        """Two to four exchanges, seldom more; follow-ups are about the topic of the last answer."""
        messages, topic, given = [], None, set()
        for turn in range(rng.choices([2, 3, 4, 7], [60, 28, 10, 2])[0]):
            kind = rng.random()
            if topic and kind < 0.55:
                wish = rng.choices(list(FOLLOW), [34, 26, 14, 10, 8, 4])[0]
                if wish in given:
                    wish = rng.choice(["more", "example"])
                given.add(wish)
                messages += [("user", self.noisy(rng, rng.choice(FOLLOW[wish]))), ("assistant", topic[wish])]
            elif kind < 0.85:
                topic, wish = rng.choice(self.topics), style or rng.choices(["answer", "short", "simple"], [70, 18, 12])[0]
                if turn and topic["names"] and rng.random() < 0.3:
                    text, wish = rng.choice(["and {}", "what about {}", "how about {}", "and what is {}", "now {}", "then what is {}"]
                                            ).format(rng.choice(topic["names"])), style or "answer"
                else:
                    text, wish = self.question(rng, topic, wish, bool(style))
                given = {wish}
                messages += [("user", self.noisy(rng, text)), ("assistant", topic[wish])]
            else:
                talk = rng.random() < 0.6
                group = [entry for entry in self.talk if entry["id"] != "no-topic"] if talk else self.off
                messages += self.aside(rng, group)
                topic = topic if talk and messages[-1][1][:4] in ("You ", "Good", "Glad") else None
        return messages

    def noisy(self, rng, text):
        """The same question in the hands of a hurried person: greetings, missing words, typos, any case and punctuation."""
        if rng.random() < 0.25:
            return text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else rng.choice("?..") if len(text) > 12 else "")
        words = text.split(" ")
        if len(words) > 3:
            words = [word for word in words if not (word.lower() in OPTIONAL and rng.random() < 0.12)] or words
            if len(words) > 6 and rng.random() < 0.08:
                del words[rng.randrange(len(words))]
            if rng.random() < 0.06:
                at = rng.randrange(len(words) - 1)
                words[at], words[at + 1] = words[at + 1], words[at]
        if len(words) > 1 and rng.random() < 0.4:
            for _ in range(rng.randint(1, 3)):
                words.insert(rng.randint(0, len(words)), rng.choice(STREWN))
        if rng.random() < 0.12:
            at = rng.randrange(len(words))
            if len(words[at]) > 4:
                words[at] = typo(rng, words[at])
        text = " ".join(words)
        if rng.random() < 0.16:
            text = rng.choice(BEFORE) + " " + text
        if rng.random() < 0.1:
            text += " " + rng.choice(AFTER)
        case = rng.random()
        if case < 0.45:
            text = text[:1].upper() + text[1:]
        elif case < 0.6:
            text = text.lower()
        elif case < 0.62:
            text = text.upper()
        if text and text[-1].isalnum():
            text += rng.choice(["", "?", "?", ".", "!", "??", " ?"])
        return text + ("\n" if rng.random() < 0.06 else "")


def typo(rng, word):
    at = rng.randrange(1, len(word) - 1)
    change = rng.randrange(3)
    if change == 0:
        return word[:at] + word[at + 1 :]
    if change == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice("aeiorstln") + word[at + 1 :]
