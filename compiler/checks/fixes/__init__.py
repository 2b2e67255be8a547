"""What a fix is: what a rule may offer at a place (``offers``, cheap, part of every run), and what
that does to the text (``edits``, through libcst, when somebody asks for it)."""
