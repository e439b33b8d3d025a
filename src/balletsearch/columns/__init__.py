"""How is a collection stored, and how are answers computed from it?

Plain arrays in files that are never changed: `format.py` is the grammar. This room knows NumPy
and nothing of stories, fields or queries; `engines/columns` brings the two together.
"""
