"""Other systems' exports become a letter: each text is brought over, rendered again, and compared with its source."""
