"""Posts become a letter: numbers, series, names of files, and the schedule that they kept."""
