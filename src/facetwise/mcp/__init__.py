"""The public answers as tools of the Model Context Protocol, for a model's client.

No model decides anything here: each tool calls one public function and hands on its published
JSON contract, citations and all. What stands between the two (reading arguments, telling what was
wrong) never repeats what was sent in a log.
"""
