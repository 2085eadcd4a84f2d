def emoji_for(name: str) -> str | None:
    return None
