"""The file store: what people sent and what we made, whole and durable, outside the database.

Comes in: a binary stream. Goes out: Stored (key, size, SHA-256); later, by key, the same bytes.
Always holds: what `put` returned survives a kill and a power cut; a file is never there in part; files of different
cases can be deleted apart.
"""

from raadhuis.adapters.files.folder import FolderStore
from raadhuis.adapters.files.port import FileStore, Incoming, Stored

__all__ = ["FileStore", "FolderStore", "Incoming", "Stored"]
