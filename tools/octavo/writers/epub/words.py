# ruff: noqa: E501 -- a row for each language
"""The few words that the writer adds to a book, in the book's language; English where it is not here."""

from __future__ import annotations

from octavo.metadata.directions import is_right_to_left

# cover, title page, copyright page, table of contents, guide (landmarks), start of the text, page list
_WORDS = {
    "en": ("Cover", "Title page", "Copyright", "Contents", "Landmarks", "Start of the text", "Pages"),
    "ar": ("الغلاف", "صفحة العنوان", "حقوق النشر", "المحتويات", "معالم", "بداية النص", "الصفحات"),
    "cs": ("Obálka", "Titulní strana", "Autorská práva", "Obsah", "Orientační body", "Začátek textu", "Strany"),
    "da": ("Omslag", "Titelblad", "Ophavsret", "Indhold", "Pejlemærker", "Tekstens begyndelse", "Sider"),
    "de": ("Umschlag", "Titelseite", "Impressum", "Inhalt", "Orientierung", "Textbeginn", "Seiten"),
    "es": ("Cubierta", "Portada", "Créditos", "Índice general", "Puntos de referencia", "Inicio del texto", "Páginas"),
    "fa": ("جلد", "صفحه عنوان", "حق نشر", "فهرست", "نشانه‌ها", "آغاز متن", "صفحه‌ها"),
    "fr": ("Couverture", "Page de titre", "Mentions légales", "Sommaire", "Repères", "Début du texte", "Pages"),
    "he": ("כריכה", "עמוד השער", "זכויות יוצרים", "תוכן העניינים", "ציוני דרך", "תחילת הטקסט", "עמודים"),
    "it": ("Copertina", "Frontespizio", "Copyright", "Indice", "Punti di riferimento", "Inizio del testo", "Pagine"),
    "ja": ("表紙", "扉", "著作権", "目次", "ランドマーク", "本文の始まり", "ページ"),
    "ko": ("표지", "속표지", "저작권", "차례", "랜드마크", "본문 시작", "쪽"),
    "nl": ("Omslag", "Titelpagina", "Colofon", "Inhoud", "Oriëntatiepunten", "Begin van de tekst", "Pagina's"),
    "pl": ("Okładka", "Strona tytułowa", "Prawa autorskie", "Spis treści", "Punkty orientacyjne", "Początek tekstu", "Strony"),
    "pt": ("Capa", "Página de rosto", "Direitos autorais", "Sumário", "Pontos de referência", "Início do texto", "Páginas"),
    "ru": ("Обложка", "Титульный лист", "Авторские права", "Содержание", "Ориентиры", "Начало текста", "Страницы"),
    "sv": ("Omslag", "Titelsida", "Upphovsrätt", "Innehåll", "Landmärken", "Textens början", "Sidor"),
    "tr": ("Kapak", "Başlık sayfası", "Telif hakkı", "İçindekiler", "Yer işaretleri", "Metnin başı", "Sayfalar"),
    "uk": ("Обкладинка", "Титульна сторінка", "Авторське право", "Зміст", "Орієнтири", "Початок тексту", "Сторінки"),
    "zh": ("封面", "书名页", "版权", "目录", "导航", "正文开始", "页码"),
}  # fmt: skip
_KEYS = ("cover", "title-page", "copyright", "contents", "landmarks", "start", "pages")


def word(key: str, language: str) -> str:
    """A word of the book's furniture. key: one of cover, title-page, copyright, contents, landmarks, start, pages."""
    words = _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])
    return words[_KEYS.index(key)]


def direction(language: str) -> str:
    """The base direction of a language: "rtl" or "ltr"."""
    return "rtl" if is_right_to_left(language) else "ltr"
