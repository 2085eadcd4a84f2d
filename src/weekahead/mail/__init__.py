"""The letter by e-mail: the edition of an issue, its transports, its subscribers, and the books of what was sent."""
