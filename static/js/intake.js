// Comfort at the desk: single keys, which can be switched off. Everything works without this file.
