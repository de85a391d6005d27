"""The words that mean a reason: `reason_words.txt` and `reason_hints.txt`, read once.

The head of the first explains the format and names the sources of the words.
"""

from .word_table import read_file

# Words for a recipient.
WHOM = (
    r"(?:user|recipient|mailbox|mail box|e-?mail ?box|(?<!ip )address(?:ee)?|account"
    r"|alias|user ?name|customer|subscriber|local ?part|inbox|mail ?drop|userid|login"
    r"|person)s?"
)
# Words for things that servers count.
MANY = (
    r"(?:connection|recipient|message|mail|e-?mail|session|rcpt|concurrent|request"
    r"|simultaneous|smtp session|sender|deliver)"
)
# Words of other languages, by what they mean: each row of the file is a name.
LANGUAGES = tuple(
    (name, f"(?:{words.pattern})") for name, words in read_file("language_words.txt")
)
NAMES = (("WHOM", WHOM), ("MANY", MANY), *LANGUAGES)
# Words that say more than any code, and those that count where codes are vague.
WORDS = read_file("reason_words.txt", names=NAMES)
HINTS = read_file("reason_hints.txt", names=NAMES)
