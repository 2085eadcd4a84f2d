"""How fast is it? The same letter built by weekahead and its peers, side by side, in one run."""
