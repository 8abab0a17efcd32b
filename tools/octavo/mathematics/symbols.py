r"""Commands that latex2mathml does not know or sets wrongly, in words that it knows or as their characters."""

from __future__ import annotations

# characters of a private use area that stand for what is literal in the output
DOLLAR = "\ue001"
BACKSLASH = "\ue002"
OPENING_BRACE = "\ue004"
CLOSING_BRACE = "\ue005"
# stands before a single letter that is to be upright
UPRIGHT = "\ue003"
# the first of those that stand for elements made elsewhere (Supplementary Private Use Area-A)
FIRST_PART = 0xF0000

BIG = frozenset(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
# latex2mathml takes a single character after these, and no command
DELIMITERS = {
    r"\{": OPENING_BRACE, r"\}": CLOSING_BRACE, r"\lbrace": OPENING_BRACE, r"\rbrace": CLOSING_BRACE, r"\|": "‖",
    r"\vert": "|", r"\lvert": "|", r"\rvert": "|", r"\Vert": "‖", r"\lVert": "‖", r"\rVert": "‖",
    r"\langle": "⟨", r"\rangle": "⟩", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉",
    r"\lang": "⟨", r"\rang": "⟩", r"\backslash": BACKSLASH, r"\uparrow": "↑", r"\downarrow": "↓",
    r"\updownarrow": "↕", r"\Uparrow": "⇑", r"\Downarrow": "⇓", r"\Updownarrow": "⇕", r"\lgroup": "⟮", r"\rgroup": "⟯",
    r"\llbracket": "⟦", r"\rrbracket": "⟧", r"\lBrack": "⟦", r"\rBrack": "⟧", r"\lmoustache": "⎰", r"\rmoustache": "⎱",
    r"\lbrack": "[", r"\rbrack": "]", r"\ulcorner": "⌜", r"\urcorner": "⌝", r"\llcorner": "⌞", r"\lrcorner": "⌟",
    r"\lt": "<", r"\gt": ">", "<": "⟨", ">": "⟩", r"\lparen": "(", r"\rparen": ")", r"\arrowvert": "|",
    r"\Arrowvert": "‖", r"\bracevert": "|", r"\lAngle": "⟪", r"\rAngle": "⟫",
}  # fmt: skip
# commands of TeX that print nothing, with the number of their arguments
SILENT = {
    r"\label": 1, r"\nonumber": 0, r"\notag": 0, r"\displaylimits": 0, r"\nobreak": 0, r"\allowbreak": 0,
    r"\require": 1, r"\relax": 0, r"\ignorespaces": 0, r"\mathstrut": 0, r"\strut": 0, r"\null": 0, r"\noindent": 0,
    r"\centering": 0, r"\begingroup": 0, r"\endgroup": 0, r"\bgroup": 0, r"\egroup": 0, r"\protect": 0,
    r"\allowdisplaybreaks": 0, r"\displaybreak": 0, r"\goodbreak": 0, r"\vspace": 1, r"\vspace*": 1, r"\unskip": 0,
    r"\hfill": 0, r"\hfil": 0, r"\mathsurround": 0, r"\everymath": 1, r"\everydisplay": 1, r"\newline": 0, r"\par": 0,
    r"\leavevmode": 0, r"\setlength": 2, r"\sisetup": 1, r"\usepackage": 1, r"\cssId": 1, r"\class": 1, r"\style": 1,
    r"\mathpalette": 0, r"\normalfont": 0, r"\footnotesize": 0, r"\small": 0, r"\large": 0, r"\Large": 0, r"\tiny": 0,
    r"\normalsize": 0, r"\scriptsize": 0, r"\LARGE": 0, r"\huge": 0, r"\Huge": 0, r"\bbox": 0, r"\mathopen": 0,
    r"\mathclose": 0, r"\mathpunct": 0, r"\mathinner": 0, r"\crcr": 0, r"\endline": 0, r"\limits@": 0,
}  # fmt: skip
SAME = {
    r"\arg": r"\operatorname{arg}", r"\mathds": r"\mathbb", r"\mathbbm": r"\mathbb", r"\bm": r"\boldsymbol",
    r"\pmb": r"\boldsymbol", r"\boldmath": "", r"\lbrack": "[", r"\rbrack": "]", r"\colon": ":", r"\$": DOLLAR,
    r"\backslash": BACKSLASH, r"\textbackslash": BACKSLASH, r"\textdollar": DOLLAR, r"\thinspace": r"\,",
    r"\medspace": r"\:", r"\thickspace": r"\;", r"\symup": r"\mathrm", r"\symbf": r"\mathbf", r"\symit": r"\mathit",
    r"\symcal": r"\mathcal", r"\symbb": r"\mathbb", r"\symfrak": r"\mathfrak", r"\symsf": r"\mathsf",
    r"\mathup": r"\mathrm", r"\mathbfit": r"\boldsymbol", r"\mathnormal": "", r"\hspace*": r"\hspace",
    r"\Bbbk": r"\mathbb{k}",
    r"\frak": r"\mathfrak", r"\textstyle*": r"\textstyle", r"\mathcolor": r"\textcolor", r"\dfrac": r"\dfrac",
    r"\dots": "…", r"\dotsb": "⋯", r"\dotsm": "⋯", r"\dotsi": "⋯", r"\dotsc": "…", r"\dotso": "…", r"\iddots": "⋰",
    r"\adots": "⋰", r"\lang": "⟨", r"\rang": "⟩", r"\And": r"\&", r"\AA": "Å", r"\aa": "å", r"\o": "ø", r"\O": "Ø",
    r"\ss": "ß", r"\ae": "æ", r"\AE": "Æ", r"\oe": "œ", r"\OE": "Œ", r"\l": "ł", r"\L": "Ł", r"\i": "ı", r"\j": "ȷ",
    r"\dag": "†", r"\ddag": "‡", r"\euro": "€", r"\yen": "¥", r"\textdegree": "°", r"\degree": "°", r"\celsius": "℃",
    r"\middot": "·", r"\textperiodcentered": "·", r"\Omicron": "Ο", r"\omicron": "ο", r"\Alpha": "Α", r"\Beta": "Β",
    r"\Epsilon": "Ε", r"\Zeta": "Ζ", r"\Eta": "Η", r"\Iota": "Ι", r"\Kappa": "Κ", r"\Mu": "Μ", r"\Nu": "Ν",
    r"\Rho": "Ρ", r"\Tau": "Τ", r"\Chi": "Χ", r"\vcentcolon": "∶", r"\ratio": "∶", r"\coloneqq": "≔", r"\coloneq": "≔",
    r"\eqqcolon": "≕", r"\eqcolon": "≕", r"\Coloneqq": "⩴", r"\dblcolon": "∷", r"\triangleq": "≜", r"\defeq": "≔",
    r"\eqdef": "≝", r"\oiint": "∯", r"\oiiint": "∰", r"\fint": "⨍", r"\sqint": "⨖", r"\iiiint": "⨌", r"\intop": r"\int",
    r"\varPi": "𝛱", r"\varGamma": "𝛤", r"\varDelta": "𝛥", r"\varSigma": "𝛴", r"\varOmega": "𝛺", r"\varTheta": "𝛩",
    r"\varLambda": "𝛬", r"\varXi": "𝛯", r"\varPhi": "𝛷", r"\varPsi": "𝛹", r"\varUpsilon": "𝛶", r"\llbracket": "⟦",
    r"\rrbracket": "⟧", r"\lgroup": "⟮", r"\rgroup": "⟯", r"\lt": "<", r"\gt": ">", r"\copyright": "©",
    r"\pounds": "£", r"\textsection": "§", r"\textparagraph": "¶", r"\texteuro": "€", r"\texttimes": "×",
    r"\textmu": "µ", r"\micro": "µ", r"\permil": "‰", r"\textperthousand": "‰", r"\perthousand": "‰", r"\nexists": "∄",
    r"\owns": "∋", r"\lnot": "¬", r"\land": "∧", r"\lor": "∨", r"\ne": "≠", r"\argmin": r"\operatorname*{arg min}",
    r"\argmax": r"\operatorname*{arg max}", r"\ulcorner": "⌜", r"\urcorner": "⌝", r"\llcorner": "⌞",
    r"\lrcorner": "⌟", r"\textendash": "–", r"\textemdash": "—", r"\textbar": "|", r"\textless": "<",
    r"\textgreater": ">", r"\textasciitilde": "~", r"\textasciicircum": "^", r"\textunderscore": r"\_",
    r"\lq": "‘", r"\rq": "’", r"\hslash": "ℏ", r"\bot": "⊥", r"\top": "⊤", r"\Diamond": "◇", r"\Box": "□",
    r"\qed": "□", r"\S": "§", r"\P": "¶", r"\blacktriangle": "▲", r"\bigstar": "★", r"\Set*": r"\Set",
    r"\independent": "⫫", r"\LaTeX": r"\text{LaTeX}", r"\TeX": r"\text{TeX}",
    r"\Perp": "⫫", r"\bigtimes": "⨉", r"\leadsto": "⇝", r"\models": "⊨", r"\Join": "⋈", r"\injlim": r"\injlim",
    r"\r": r"\mathring", r"\smallint": "∫", r"\thickapprox": "≈", r"\thicksim": "∼", r"\varpropto": "∝",
}  # fmt: skip
NEGATED = {
    "=": "≠", "<": "≮", ">": "≯", r"\equiv": "≢", r"\sim": "≁", r"\simeq": "≄", r"\approx": "≉", r"\cong": "≇",
    r"\in": "∉", r"\ni": "∌", r"\subset": "⊄", r"\supset": "⊅", r"\subseteq": "⊈", r"\supseteq": "⊉", r"\exists": "∄",
    r"\mid": "∤", r"\parallel": "∦", r"\leq": "≰", r"\le": "≰", r"\geq": "≱", r"\ge": "≱", r"\perp": "⟂̸",
    r"\vdash": "⊬", r"\models": "⊭", r"\to": "↛", r"\rightarrow": "↛", r"\leftarrow": "↚", r"\Rightarrow": "⇏",
    r"\Leftarrow": "⇍", r"\Leftrightarrow": "⇎", r"\leftrightarrow": "↮", r"\prec": "⊀", r"\succ": "⊁",
    r"\preceq": "⋠", r"\succeq": "⋡", r"\triangleleft": "⋪", r"\triangleright": "⋫", r"\ll": "≪̸", r"\gg": "≫̸",
    r"\propto": "∝̸", r"\Vdash": "⊮", r"\vDash": "⊭", r"\Vvdash": "⊯", r"\iff": "⇎", r"\implies": "⇏", "|": "∤",
    r"\sqsubseteq": "⋢", r"\sqsupseteq": "⋣", r"\asymp": "≭", r"\lessgtr": "≸", r"\owns": "∌", r"\leqslant": "⩽̸",
    r"\geqslant": "⩾̸", r"\doteq": "≐̸", "∈": "∉", "⊂": "⊄", "≡": "≢", "≈": "≉", "∼": "≁", "≤": "≰", "≥": "≱", "∃": "∄",
}  # fmt: skip
# arrows that grow with what stands on them
ARROWS = {
    r"\xrightarrow": "→", r"\xleftarrow": "←", r"\xleftrightarrow": "↔", r"\xRightarrow": "⇒", r"\xLeftarrow": "⇐",
    r"\xLeftrightarrow": "⇔", r"\xmapsto": "↦", r"\xhookrightarrow": "↪", r"\xhookleftarrow": "↩",
    r"\xrightharpoonup": "⇀", r"\xrightharpoondown": "⇁", r"\xleftharpoonup": "↼", r"\xleftharpoondown": "↽",
    r"\xrightleftharpoons": "⇌", r"\xleftrightharpoons": "⇋", r"\xlongequal": "=", r"\xtwoheadrightarrow": "↠",
    r"\xtwoheadleftarrow": "↞", r"\xtofrom": "⇄", r"\xlongrightarrow": "⟶", r"\xlongleftarrow": "⟵",
}  # fmt: skip
# text's accents: the combining character that stands behind the letter
TEXT_ACCENTS = {
    r"\'": "\u0301", r"\`": "\u0300", r"\^": "\u0302", r'\"': "\u0308", r"\~": "\u0303", r"\=": "\u0304",
    r"\.": "\u0307", r"\u": "\u0306", r"\v": "\u030c", r"\H": "\u030b", r"\c": "\u0327", r"\d": "\u0323",
    r"\b": "\u0331", r"\k": "\u0328", r"\r": "\u030a",
}  # fmt: skip
