"""Send an issue to its readers, with the two books that say who has it."""
