"""The one set of icons: 20 × 20, strokes of the text's own colour. Words stand beside each."""

_STROKES: dict[str, str] = {
    "alert": "M10 3 18 17H2ZM10 8v4M10 14.4v.2",
    "arrow-left": "M16 10H4M9 5l-5 5 5 5",
    "arrow-right": "M4 10h12M11 5l5 5-5 5",
    "bell": "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13ZM8.5 17.5h3",
    "calendar": "M3.5 5h13v12h-13ZM3.5 8.5h13M7 3v3M13 3v3",
    "check": "M4 10.5 8.2 15 16 5.5",
    "check-circle": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M6.5 10.2l2.5 2.6 4.5-5.3",
    "chevron-down": "M5 7.5 10 13l5-5.5",
    "chevron-left": "M12.5 4.5 7 10l5.5 5.5",
    "chevron-right": "M7.5 4.5 13 10l-5.5 5.5",
    "circle": "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12",
    "clock": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M10 6v4.3l3 2",
    "copy": "M7 7h9v10H7ZM4 13V3h9",
    "cross": "M5 5l10 10M15 5 5 15",
    "cross-circle": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6",
    "download": "M10 3v9.5M5.5 8.5 10 13l4.5-4.5M3.5 17h13",
    "edit": "M4 16l.8-3.6L13.5 3.7l2.8 2.8-8.7 8.7ZM11.5 5.7l2.8 2.8",
    "eye": "M2 10c2-3.7 4.7-5.5 8-5.5s6 1.8 8 5.5c-2 3.7-4.7 5.5-8 5.5S4 13.7 2 10"
    "M10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8",
    "file": "M5 2.5h6.5L15.5 6.5v11H5ZM11 2.5V7h4.5",
    "filter": "M3 4.5h14l-5.5 6.3v5l-3 1.7v-6.7Z",
    "flag": "M5 18V3M5 3.5h10.5l-2.5 4 2.5 4H5",
    "info": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M10 9v5M10 6.2v.2",
    "inbox": "M3 11 5.5 4h9L17 11v5.5H3ZM3 11h4l1 2.2h4L13 11h4",
    "lock": "M4.5 9h11v8h-11ZM7 9V6.3a3 3 0 0 1 6 0V9",
    "menu": "M3 5.5h14M3 10h14M3 14.5h14",
    "minus": "M4 10h12",
    "octagon": "M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7ZM10 6v5M10 13.6v.2",
    "pause": "M7 4.5v11M13 4.5v11",
    "phone": "M4 3.5h3.2l1.5 4-2 1.4a10 10 0 0 0 4.4 4.4l1.4-2 4 1.5V16c0 .9-.7 1.5-1.5 1.4"
    "C8.6 17 3 11.4 2.6 5c-.1-.8.5-1.5 1.4-1.5Z",
    "plus": "M10 4v12M4 10h12",
    "print": "M6 7V3h8v4M6 14H3.5V7h13v7H14M6 11.5h8V17H6Z",
    "question": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M7.8 8a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .8-1 1.6M10 14.2v.2",
    "search": "M8.8 3a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8.8 3M13 13l4.5 4.5",
    "seal": "M3.5 3.5h13v13h-13ZM7 7h6M10 7v6M7 13h6",
    "sort": "M7 4v12M4 7l3-3 3 3M13 16V4M10.5 13.5 13 16l2.5-2.5",
    "sort-down": "M10 4v12M5.5 11.5 10 16l4.5-4.5",
    "sort-up": "M10 16V4M5.5 8.5 10 4l4.5 4.5",
    "type": "M2.5 16 6.5 5l4 11M4 12.5h5M12 16l3-8 3 8M13.2 13.5h3.7",
    "upload": "M10 13V3.5M5.5 8 10 3.5 14.5 8M3.5 17h13",
    "user": "M10 3a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M3.5 17.5c.5-3.3 2.8-5 6.5-5s6 1.7 6.5 5",
    "zoom-in": "M8.8 3a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8.8 3M13 13l4.5 4.5M6.3 8.8h5M8.8 6.3v5",
}


def icon(name: str) -> str:
    """Inline SVG, hidden from screen readers because the words beside it speak. KeyError for an unknown name."""
    return (
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<path d="{_STROKES[name]}"/></svg>'
    )
