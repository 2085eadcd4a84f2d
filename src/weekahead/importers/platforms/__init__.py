"""One room for each platform: recognise its export, and read it into posts."""
